"""Warns of terms that find nothing of their own, and of terms that are everyday words elsewhere; it needs the rule alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from monitor.model.problem import Place, Problem, Severity
from monitor.rules.schema import Phrase, Rule, Term
from monitor.rules.terms import Sequence, Step, WordPattern
from monitor.text.fold import fold_class, fold_word, mixes_scripts

# The words met most often in newspapers of the language; a term that is one of them hits nearly every short text.
_COMMON = {
    "en": "a an and are as at be but by can do for from had has have he her his in is it its me more my new no not of on one or our "
    "out say she so than that the their they this to up was we were what will with you man men most note pod go",
    "ru": "а без был была были было быть в во вот все всё где да для до его если есть еще ещё же за и из или им их к как когда кто "
    "ли мы на над не нет но о об он она они от по под при с со так также то только у уже что это я год года лет день",
    "be": "а аб ад без быў была былі было быць да для ды з за і іх ён яна яны як калі к ка каля на над не ня но па пад пры са таксама "
    "так толькі ты у ўжо усё хто што яго год года гэта дзень мы вы бо ці яшчэ",
    "uk": "а але без був була були було бути в вже від вона вони він все де для до є за з і із їх й його коли ми на не ні о об по під "
    "при про рік року та так також те то у хто це цей що я як як день",
    "pl": "a ale był była było być co czy dla do dnia gdy go i ich ja jak jako je jego jej jest już każdy kto lub ma na nad nie o od "
    "on ona oni po pod przez przy rok roku są się tak także to tym tylko w we więc z za ze że to ten",
    "lt": "apie ar arba bet bus buvo dar dėl del iki ir iš is jau jei jis ji jo kad kai kaip kas ką metu metų ne nei nes nuo o per po "
    "prie su tai tik to už uz yra yra į i",
    "lv": "ar arī ari bet bija būs bus ir jau kad kas ko lai ne nav no par pēc pec pie tas to un uz vai vēl vel viņš vins ja gada",
    "de": "aber als am an auch auf aus bei bis das dem den der des die doch ein eine einen er es für fur hat im in ist man mit nach "
    "nicht noch nur oder sich sie sind und unter vom von vor war was wenn wie wir zu zum zur",
    "fr": "a au aux avec ce ces dans de des du elle en est et il ils la le les leur mais ne ou par pas plus pour qui sa se ses son sur "
    "un une vers",
}


def lint_terms(rule: Rule) -> Iterator[Problem]:
    """W103 and W119 of one rule."""
    for term in rule.terms.values():
        yield from _covered(term)
        yield from _everyday(term, rule.langs)


def _covered(term: Term) -> Iterator[Problem]:
    """W103: wherever the phrase hits, another phrase of the term hits the same words, in each of its languages."""
    verdicts: dict[tuple[Place, str], list[Phrase | None]] = {}
    for phrases in term.phrases.values():
        for number, phrase in enumerate(phrases):
            found = _coverer(phrase, number, phrases)
            verdicts.setdefault((phrase.place, phrase.text), []).append(found)
    for (place, text), coverers in verdicts.items():
        by = coverers[0]
        if by and all(coverers):
            message = f'"{text}" is covered by "{by.text}": it finds nothing of its own'
            yield Problem(place, "W103", message, "drop it", Severity.WARNING)


def _coverer(phrase: Phrase, number: int, phrases: tuple[Phrase, ...]) -> Phrase | None:
    """The phrase beside that covers this one; of two that say the same, the first covers the second. An @name may yet grow."""
    if not phrase.sequences or "@" in phrase.text or _mistyped(phrase.text):
        return None
    for place, other in enumerate(phrases):
        if place == number or not other.sequences or not _covers(other.sequences, phrase.sequences):
            continue
        if place < number or not _covers(phrase.sequences, other.sequences):
            return other
    return None


def _mistyped(text: str) -> bool:
    """Told as W106 or W120; mended, it may be covered, and is told so then."""
    return mixes_scripts(text) or any(unicodedata.category(sign) in ("Cc", "Cf") for sign in text)


def _covers(wide: Iterable[Sequence], narrow: Iterable[Sequence]) -> bool:
    """Whether every place where a narrow sequence hits is one where a wide one does."""
    return all(any(_contains(one, other) for one in wide) for other in narrow)


def _contains(wide: Sequence, narrow: Sequence) -> bool:
    return len(wide) == len(narrow) and all(map(_step_contains, wide, narrow))


def _step_contains(wide: Step, narrow: Step) -> bool:
    return wide.gap >= narrow.gap and all(any(word_contains(one, word) for one in wide.words) for word in narrow.words)


def word_contains(wide: WordPattern, narrow: WordPattern) -> bool:
    """Whether every word that `narrow` takes is one that `wide` takes."""
    if wide.exact:
        same = narrow.exact.startswith(wide.exact) if wide.prefix else narrow.exact == wide.exact
        return bool(narrow.exact) and same and (wide.prefix or not narrow.prefix)
    if wide.prefix:
        return narrow.folded.startswith(wide.folded)
    return narrow.folded == wide.folded and not narrow.prefix


def _everyday(term: Term, langs: tuple[str, ...]) -> Iterator[Problem]:
    """W119: an article whose language is unsure is tried in all, so a word of one language hits in another."""
    everyday = {language: everyday_words(language) for language in langs if language in _COMMON}
    seen: set[tuple[Place, str]] = set()
    for own, phrases in term.phrases.items():
        for phrase in phrases:
            if (phrase.place, phrase.text) not in seen:
                seen.add((phrase.place, phrase.text))
                yield from _everyday_words(phrase, own, everyday)


def _everyday_words(phrase: Phrase, own: str, everyday: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    if "@" in phrase.text:
        return
    alone = {word.folded for sequence in phrase.sequences if len(sequence) == 1 for word in sequence[0].words if not word.exact}
    for language, common in everyday.items():
        if language != own and (met := sorted(alone & common)):
            message = f'"{phrase.text}": "{met[0]}" is an everyday word in {language}, which the rule reads too'
            mend = f'add a word to it, or write "={met[0]}" for this case only'
            yield Problem(phrase.place, "W119", message, mend, Severity.WARNING)
            return


@lru_cache
def everyday_words(language: str) -> frozenset[str]:
    """The most frequent words of a language, folded; none for a language that is not known here."""
    kind = fold_class(language)
    return frozenset(fold_word(word, kind)[0] for word in _COMMON.get(language, "").split())
