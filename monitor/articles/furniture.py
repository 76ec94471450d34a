"""Words of web furniture by language: headings of "more articles" blocks, calls to subscribe or share, captions. Data, no topics."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from monitor.articles.identity import fold_title

_MORE = """
similar articles|similar news|similar posts|similar stories|related articles|related posts|related news|related stories|related content
related topics|related links|related|check also|also check|you may also like|you might also like|you may also be interested in|more on this topic
more on this story|more from this author|more news|more stories|more articles|latest news|latest articles|latest posts|latest|recent news
recent posts|recent articles|other news|other articles|other stories|recommended|recommended articles|recommended for you|read next|next article
previous article|most read|most popular|popular|popular news|popular posts|trending|trending now|top stories|editors picks|in other news
leave a comment|leave a reply|post a comment|comments|0 comments|join the discussion|about the author|tags
похожие статьи|похожие новости|похожие материалы|похожие записи|другие новости|другие статьи|другие материалы|новости по теме|статьи по теме
материалы по теме|ещё по теме|еще по теме|другие материалы по теме|рекомендуем|рекомендуемые статьи|рекомендуем почитать|вам может быть интересно
вам будет интересно|возможно вам будет интересно|популярное|популярные новости|самое читаемое|самое популярное|последние новости|главные новости
главное за день|свежие новости|лента новостей|новости партнеров|новости партнёров|комментарии|оставить комментарий|добавить комментарий|обсуждение
сейчас читают|предыдущая статья|следующая статья|связанные новости|теги|метки
падобныя артыкулы|падобныя навіны|падобныя матэрыялы|іншыя навіны|іншыя артыкулы|навіны па тэме|матэрыялы па тэме|яшчэ па тэме|рэкамендуем
вам можа быць цікава|папулярнае|самае чытанае|апошнія навіны|галоўныя навіны|стужка навін|каментары|пакінуць каментар|абмеркаванне|тэгі
схожі новини|схожі статті|схожі матеріали|інші новини|новини за темою|матеріали за темою|ще за темою|рекомендуємо|вам може бути цікаво|популярне
найпопулярніше|останні новини|головні новини|стрічка новин|коментарі|залишити коментар|теги
podobne artykuły|podobne wiadomości|powiązane|powiązane artykuły|powiązane tematy|polecane|polecamy|polecane artykuły|inne wiadomości|najnowsze
najnowsze wiadomości|najczęściej czytane|najpopularniejsze|komentarze|dodaj komentarz|tagi
panašūs straipsniai|panašios naujienos|susiję straipsniai|susijusios naujienos|susijusios temos|rekomenduojame|kitos naujienos|naujausi
naujausios naujienos|populiariausi|populiariausios naujienos|skaitomiausi|komentarai|palikti komentarą|žymos
"""
_ALSO = """
read also|also read|see also|more on the topic|on this topic|on the topic
читайте также|читать также|читайте ещё|читайте еще|смотрите также|см также|по теме|на эту тему
чытайце таксама|чытаць таксама|чытайце яшчэ|глядзіце таксама|гл таксама|па тэме|на гэтую тэму
читайте також|читати також|дивіться також|за темою|на цю тему
czytaj także|czytaj też|czytaj również|przeczytaj także|przeczytaj również|zobacz także|zobacz też|zobacz również|więcej na ten temat
taip pat skaitykite|skaitykite taip pat|taip pat žiūrėkite|žiūrėkite taip pat|plačiau šia tema
"""
_NEWSLETTER = """
subscribe to our newsletter|subscribe to the newsletter|subscribe to newsletter|sign up for our newsletter|sign up to our newsletter|get our newsletter
join our newsletter|our newsletter|newsletter|you have been successfully subscribed|subscribe to us|subscribe|stay informed|stay up to date
подписка на рассылку|подпишитесь на рассылку|подпишитесь на нашу рассылку|подписаться на рассылку|подписаться|наша рассылка
падпіска на рассылку|падпішыцеся на рассылку|падпішыцеся на нашу рассылку|падпісацца на рассылку|падпісацца|наша рассылка
підписка на розсилку|підпишіться на розсилку|підписатися на розсилку|підписатися
zapisz się do newslettera|zapisz się na newsletter|subskrybuj newsletter|prenumeruokite naujienlaiškį|užsiprenumeruokite naujienlaiškį
"""
_CALLS = """
subscribe to|subscribe for|sign up for|sign up to|follow us|follow our|join our|join us on|like us on|share this|share on|share via|share the|share
print|print this|send to a friend|email this|tweet|copy link|view all|read more|continue reading|click here|download our app|support us|donate
add as a preferred source|add us on google|listen to this article|advertisement|all news|all rights reserved|photo gallery|photo album
подписывайтесь на|подпишитесь на|следите за нами|читайте нас|присоединяйтесь|вступайте в|наш канал|наш телеграм|поделиться|поделитесь|распечатать
версия для печати|читать далее|читать полностью|узнать больше|реклама|все новости|добавить в избранное|отправить на почту|нашли ошибку|если вы заметили ошибку|если вы нашли ошибку
падпісвайцеся на|падпішыцеся на|сачыце за намі|чытайце нас|далучайцеся|наш канал|наш тэлеграм|падзяліцца|падзяліцеся|раздрукаваць|чытаць далей|рэклама|усе навіны
калі вы заўважылі памылку|знайшлі памылку
підписуйтесь на|підписуйтеся на|підпишіться на|стежте за нами|приєднуйтесь|наш канал|поділитися|поширити|читати далі|реклама|всі новини|якщо ви помітили помилку
subskrybuj|obserwuj nas|polub nas|udostępnij|podziel się|czytaj dalej|czytaj więcej|drukuj|reklama|wszystkie wiadomości|dołącz do nas
prenumeruokite|sekite mus|dalintis|dalinkitės|spausdinti|reklama|visos naujienos
"""
_CREDIT = re.compile(
    r"^(?:photos?|images?|pictures?|illustration|video|фото|фота|фото с сайта|изображение|иллюстрация|иллюстративное фото|ілюстрацыйнае фота"
    r"|здымак|малюнак|відэа|видео|зображення|зображення|ілюстрація|zdjęcie|fot|foto|nuotrauka|nuotr)\s*(?:by\b|:|\.|/|©|—|-|–)"
    r"|\b(?:photo|image|picture) (?:by|credit|courtesy)\b|©|^(?:фото|фота|ілюстрацыйнае|иллюстративное|ілюстративне)\b.{0,40}$"
    r"|\b(?:носит|носіць) (?:иллюстративный|ілюстрацыйны)",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"^(?:by|автор|аўтар|autor|autorius|текст|тэкст)\b:?(?:\s+\S+){0,4}$", re.IGNORECASE)
_COUNTED = (
    r"(?:page\s?)?views?|reads?|shares?|likes?|comments?|times read|просмотр\w*|прочитал\w*|прочтени\w*|комментари\w*|поделились|прагляд\w*"
    r"|каментар\w*|перегляд\w*|коментар\w*|wyświetle\w*|odsłon\w*|udostępnie\w*|komentarz\w*|peržiūr\w*|komentar\w*"
)
_FIGURE = r"\d[\d.,\s\u00a0]*(?:k|m|тыс\.?|млн|тыс|tys\.?)?"
_COUNT = rf"(?:(?:{_COUNTED})\W*{_FIGURE}|{_FIGURE}\s*(?:{_COUNTED}))(?!\w)"
_COUNTS = re.compile(_COUNT, re.IGNORECASE)
_COUNTER = re.compile(
    rf"^\W*(?:{_COUNT}|(?:reading time|время чтения|час чытання|час читання|czas czytania)\W*{_FIGURE}"
    rf"\s*\w{{0,8}}\.?|{_FIGURE}[\s-]*min(?:ute)?s?\.?[\s-]+read)\W*$",
    re.IGNORECASE,
)
_LONGEST_COUNTER = 60
_NUMBER = re.compile(r"\b\d+\b")
_FIRST_WORD = re.compile(r"(?!\d+\b)\w+")
LONGEST_HEADING = 60
"""Characters; a longer line is prose, whatever it begins with."""
_LONGEST_CALL = 120
_LONGEST_CREDIT = 160


def _folded(lists: str) -> frozenset[str]:
    return frozenset(fold_title(words) for line in lists.strip().splitlines() for words in line.split("|"))


MORE_HEADINGS = _folded(_MORE)
ALSO_HEADINGS = _folded(_ALSO)
NEWSLETTER_HEADINGS = _folded(_NEWSLETTER)
_CALLS_WHOLE = _folded(_CALLS)
_CALL_STARTS = tuple(sorted(words + " " for words in _CALLS_WHOLE if " " in words))
_LONG_STARTS = tuple(sorted(words + " " for words in MORE_HEADINGS if len(words.split()) > 1))


_FIRST_WORDS = frozenset(
    words.split()[0][:end]
    for words in (*MORE_HEADINGS, *ALSO_HEADINGS, *NEWSLETTER_HEADINGS)
    for end in range(1, LONGEST_HEADING)
)


def may_begin_heading(piece: str) -> bool:
    """False where no heading of furniture begins with these words, which may be the first part of a line; told quickly.

    A piece without words may be the beginning of anything.
    """
    word = _FIRST_WORD.search(unicodedata.normalize("NFKC", piece))
    return word is None or word.group().casefold() in _FIRST_WORDS


@lru_cache(maxsize=4096)
def fold_line(line: str) -> str:
    """`fold_title` for lines that are looked at more than once; for short ones only, they are kept."""
    return fold_title(line)


def is_more_heading(line: str) -> bool:
    """True for the heading of a block of other articles or comments: nothing of this article follows."""
    folded = _heading(line)
    if folded in MORE_HEADINGS:
        return True
    return bool(folded) and folded.startswith(_LONG_STARTS) and len(folded.split()) <= 5


def is_also_heading(line: str) -> bool:
    """True for "read also" standing alone: the article may go on after the links."""
    return _heading(line) in ALSO_HEADINGS


def is_newsletter_heading(line: str) -> bool:
    """True for the heading of a subscription box."""
    return _heading(line) in NEWSLETTER_HEADINGS


def is_call(line: str) -> bool:
    """True for a line that asks to subscribe, share, follow, print, or offers "read also: …" in one line."""
    if len(line) > _LONGEST_CALL or not (folded := fold_line(line)):
        return False
    if folded in _CALLS_WHOLE or is_newsletter_heading(line):
        return True
    if line.rstrip()[-1] in ".!?…" and len(folded.split()) > 8:
        return False
    starts_with_call = folded.startswith(_CALL_STARTS)
    also = re.split(r"[:—–]", line, maxsplit=1)
    return starts_with_call or (len(also) == 2 and fold_line(also[0]) in ALSO_HEADINGS)


def is_counter(line: str) -> bool:
    """True for a line that only counts readers, sharers or minutes of reading."""
    return len(line) <= _LONGEST_COUNTER and bool(_COUNTER.match(line))


def without_counts(line: str) -> str:
    """A short line without the counts of readers and sharers in it; a long one as it is."""
    return _COUNTS.sub(" ", line).strip() if len(line) <= 2 * _LONGEST_COUNTER else line


def is_credit(line: str) -> bool:
    """True for a picture's caption or credit, as far as it says that it is one; and for a bare by-line."""
    return len(line) <= _LONGEST_CREDIT and bool(_CREDIT.search(line) or _BYLINE.match(line))


@lru_cache(maxsize=4096)
def _heading(line: str) -> str:
    return fold_title(_NUMBER.sub("", line)) if len(line) <= LONGEST_HEADING else ""
