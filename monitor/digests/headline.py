"""Finds a story's headline: the best of its sources' by form, cleaned, or the rule's own. It never writes one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from monitor.digests.citations import publisher_of
from monitor.digests.headline_words import BAIT, ENGLISH_BASES, ENGLISH_VERBS, QUESTION_WORDS, SLAVIC_VERB, SMALL_WORDS
from monitor.digests.scope import Scope
from monitor.digests.turns import SLOT, by_turn
from monitor.model.article import Article, Source
from monitor.model.digest import RuleVoice
from monitor.model.edition import Verdict
from monitor.model.match import Field, Mention
from monitor.model.names import Name, NameKind
from monitor.model.story import AnalysedArticle

MOST_WORDS = 16
GOOD_WORDS = range(7, 17)
TOPIC_GAIN = 1.0
VERDICT_GAIN = 1.0
"""What a title gains where it says itself what the verdict rests on, and loses where it points the other way."""
GOOD_FORM = 3.0
"""The score from which a source's headline is taken before the rule's own."""

_BAIT = re.compile(rf"(?<!\w)(?:{BAIT})(?!\w)", re.IGNORECASE)
_ASKS = re.compile(rf"(?:{QUESTION_WORDS})(?!\w)", re.IGNORECASE)
_SLAVIC_VERB = re.compile(rf"(?<!\w){SLAVIC_VERB}(?!\w)", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[|•·»:–—-]+\s+|\s*[|•]\s*")
_BRACKETS = re.compile(r"\s*[\[(][^\])]{1,25}[\])]\s*$")
_LABEL = re.compile(r"^(?:[A-ZА-ЯЁІЎ]{4,}[:.]\s+|\[[^\]]{1,20}\]\s*)")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_ALIKE = 0.72


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands over an item: `origin` is "rule" or the id of the article that it comes from."""

    text: str
    origin: str
    language: str


def choose_headline(
    sources: Sequence[AnalysedArticle],
    voices: Sequence[RuleVoice],
    verdict: Verdict,
    scope: Scope,
    used: Collection[str] = frozenset(),
) -> Headline:
    """The headline of a story.

    A source's in the edition's language if its form is good, for a verdict of change one that says what the verdict rests on before any
    other; else the rule's own for this verdict, unless a single source in another language carries the story; else the best by form of
    any source.
    At most 16 words.

    Args:
        sources: Articles that may lend their headline, by first appearance; at least one.
        voices: Of the rules that match, strongest first.
        verdict: The story's.
        scope: The edition's language and names.
        used: Rules' headlines that this edition has printed already.
    """
    rules = [voice.rule for voice in voices]
    named = Counter(name for item in sources for name in {mention.name for mention in item.analysis.mentions})
    shares = {name: count / len(sources) for name, count in named.items()}
    offers = sorted(
        (_offer(item, scope, rules, verdict, (shares, place)) for place, item in enumerate(sources)),
        key=lambda offer: offer[0],
        reverse=True,
    )
    at_home = [(rating, headline) for rating, headline in offers if headline.language == scope.language]
    own = _own(voices, verdict, scope, used)
    in_line = {item.article.id for item in sources if _points(item, rules, verdict) > 0}
    good = [(rating, headline) for rating, headline in at_home if rating[0] >= GOOD_FORM]
    fit = [headline for _, headline in good if headline.origin in in_line] or [headline for _, headline in good]
    if fit:
        return fit[0]
    # What one voice says in another language is shown in its own words: the desk's would claim more than is known.
    carried = at_home or len({publisher_of(item.article.source) for item in sources}) > 1
    if own and carried:
        return own
    fitting = [headline for _, headline in (*at_home, *offers) if 0 < len(headline.text.split()) <= MOST_WORDS]
    return fitting[0] if fitting else Headline(_cut(offers[0][1].text), offers[0][1].origin, offers[0][1].language)


def clean_title(title: str, source: Source) -> str:
    """A title without the site's name, labels, final stop and white space."""
    text = " ".join(title.split())
    text = _LABEL.sub("", text)
    text = _BRACKETS.sub("", text)
    parts = _SEPARATOR.split(text)
    if len(parts) > 1 and _names_site(parts[-1], source):
        text = text[: text.rindex(parts[-1])].rstrip(" |•·»:–—-")
    return text.rstrip(" .…") if not text.endswith("...") else text.rstrip(". ")


def form_of(text: str, actors_first: bool, language: str) -> float:
    """How good a headline is by form alone: about 5 for the best, below 0 for bait and questions."""
    words = text.split()
    score = 2.0 if len(words) in GOOD_WORDS else 0.5 if 5 <= len(words) <= MOST_WORDS else -2.0
    score += 1.5 if has_verb(text, language) else -1.0
    score += 1.0 if actors_first else 0.0
    score -= 4.0 if text.endswith("?") or _ASKS.match(text) else 0.0
    score -= 3.0 if _BAIT.search(text) or "!" in text else 0.0
    score -= 2.0 if text.isupper() else 0.0
    score -= 1.0 if text.endswith(("…", "...")) else 0.0
    score -= 0.5 if ":" in text else 0.0
    score -= 0.5 if text[:1] in "«“\"'„" else 0.0
    return score


def has_verb(text: str, language: str) -> bool:
    """Whether it looks like a clause: English by a list of verbs and endings, Slavic languages by endings."""
    if language == "en":
        words = [word.lower() for word in _WORD.findall(text)]
        before = ("", *words)
        return any(
            word in ENGLISH_VERBS
            or (place and word.endswith("ed"))
            or (word in ENGLISH_BASES and (before[place] == "to" or before[place].endswith("s")))
            for place, word in enumerate(words)
        )
    return bool(_SLAVIC_VERB.search(text))


def _offer(
    item: AnalysedArticle, scope: Scope, rules: Sequence[str], verdict: Verdict, standing: tuple[Mapping[str, float], int]
) -> tuple[tuple[float, float, float, int], Headline]:
    """A source's headline with its order; `standing` are the shares of the sources that mention each name, and its own place among them."""
    article = item.article
    mentions = [mention for mention in item.analysis.mentions if mention.field is Field.TITLE]
    text = clean_title(one_spelling(article.title, mentions, scope, article.language), article.source)
    if article.language == "en":
        text = sentence_case(text, article)
    opening = " ".join(article.title.split()[:4])
    actors_first = any(scope.is_actor(mention) and mention.start <= len(opening) for mention in mentions)
    points = _points(item, rules, verdict)
    gain = VERDICT_GAIN * ((points > 0) - (points < 0))
    rating = form_of(text, actors_first, article.language) + _on_topic(item, rules) + gain
    shares, place = standing
    told = math.fsum(shares[name] for name in sorted({mention.name for mention in mentions}))
    # Of equals, the one that names more of what all sources name, then the one nearest to a dozen words, then the earlier report.
    order = (rating, round(told, 1), -abs(len(text.split()) - 11.5), -place)
    return order, Headline(text, article.id, article.language)


def _on_topic(item: AnalysedArticle, rules: Sequence[str]) -> float:
    """What a title gains by saying itself what the rules look for; most for the strongest rule."""
    said = {match.rule for match in item.analysis.matches if any(span.field is Field.TITLE for span in match.spans)}
    return next((TOPIC_GAIN / (1 + rank) for rank, rule in enumerate(rules) if rule in said), 0.0)


def _points(item: AnalysedArticle, rules: Sequence[str], verdict: Verdict) -> float:
    """How far the cues in a title point where a verdict of change points; below 0 the other way, 0 where nothing changed."""
    sign = {Verdict.BETTER: 1, Verdict.WORSE: -1, Verdict.UNCHANGED: 0}[verdict]
    return sign * math.fsum(
        cue.score
        for match in item.analysis.matches
        if match.rule in rules and not match.shadow
        for cue in match.cues
        if cue.span.field is Field.TITLE and not cue.cancelled
    )


def one_spelling(title: str, mentions: Iterable[Mention], scope: Scope, language: str) -> str:
    """A title with each person's name in the one form that the desk prints in its language; its other words stay."""
    text = title
    for mention in sorted(mentions, key=lambda mention: mention.start, reverse=True):
        name = scope.names.get(mention.name)
        if name is None or name.kind is not NameKind.PERSON:
            continue
        found = title[mention.start : mention.end]
        respelt = _respelt(found, name.form("en")) if language == "en" else _respelt_by_stem(found, name, language)
        text = text[: mention.start] + respelt + text[mention.end :]
    return text


def _respelt_by_stem(found: str, name: Name, language: str) -> str:
    """Where names have cases: a foreign base form becomes the printed one, any other word takes its stem and keeps its own ending."""
    printed = name.printed.get(language, "").split()
    bases = {word for code, form in name.printed.items() if code != language for word in form.split()}

    def nearest(match: re.Match[str]) -> str:
        word = match.group()
        best = max(printed, key=lambda form: SequenceMatcher(None, word.lower(), form.lower()).ratio(), default="")
        if SequenceMatcher(None, word.lower(), best.lower()).ratio() < _ALIKE or word.startswith(stem_of(best)):
            return word
        cut = len(stem_of(best))
        return best if word in bases or len(word) <= cut else best[:cut] + word[cut:]

    return _WORD.sub(nearest, found) if printed else found


def stem_of(name: str) -> str:
    """What case endings leave of a name: all but its last two letters, three at least."""
    return name[: max(3, len(name) - 2)]


def _respelt(found: str, printed: str) -> str:
    """Each word replaced by the printed form's word that it is a spelling of."""

    def nearest(match: re.Match[str]) -> str:
        word, tail = match.group(), ""
        if word.endswith(("'s", "’s")):
            word, tail = word[:-2], word[-2:]
        best = max(printed.split(), key=lambda other: SequenceMatcher(None, word.lower(), other.lower()).ratio())
        return best + tail if SequenceMatcher(None, word.lower(), best.lower()).ratio() >= _ALIKE else word + tail

    return _WORD.sub(nearest, found)


def sentence_case(text: str, article: Article) -> str:
    """A Title Case headline with those words made small that the article itself writes small."""
    words = text.split()
    long_words = [word for word in words[1:] if len(word) > 3 and word[0].isalpha()]
    if not long_words or sum(word[0].isupper() for word in long_words) < 0.7 * len(long_words):
        return text
    small = {word for word in _WORD.findall(article.text) if word[0].islower()} | SMALL_WORDS

    def lowered(word: str) -> str:
        bare = word.strip("«»“”\"'’‘,;:()")
        return word.replace(bare, bare.lower()) if bare.istitle() and bare.lower() in small else word

    return " ".join([words[0], *(lowered(word) for word in words[1:])])


def _names_site(part: str, source: Source) -> bool:
    """Whether the last part of a title is the site's name."""
    known = [name.casefold() for name in (source.name, source.publisher, source.feed_id) if name]
    folded = part.strip().casefold()
    return any(folded in name or name in folded or SequenceMatcher(None, folded, name).ratio() > 0.8 for name in known)


def _own(voices: Sequence[RuleVoice], verdict: Verdict, scope: Scope, used: Collection[str]) -> Headline | None:
    """The first rule's own headline for this verdict in the edition's language that needs no slot filled and was not printed in it.

    Of several that a rule has, the one whose turn it is.
    """
    for voice in voices:
        texts = [text.rstrip(" .") for text in voice.headline.get(verdict.value, {}).get(scope.language, ())]
        fit = [text for text in texts if not SLOT.search(text) and len(text.split()) <= MOST_WORDS]
        if fit:
            turns = by_turn(fit, scope.language, scope.inputs.earlier_items)
            return next((Headline(text, "rule", scope.language) for text in turns if text not in used), None)
    return None


def _cut(text: str) -> str:
    """A headline that is too long, up to the last break that leaves a clause; at worst its first words."""
    words = text.split()
    for length in range(min(MOST_WORDS, len(words)), 4, -1):
        if words[length - 1].endswith((";", ",", ":", "—", "–")):
            return " ".join(words[:length]).rstrip(" ;,:—–")
    return " ".join(words[:MOST_WORDS])
