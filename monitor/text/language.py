"""Which language a text is written in, among those a desk reads; home of py3langid. It never translates and never guesses others.

Letters decide first: the Cyrillic alphabets differ in letters that no short headline avoids for long. Only what letters leave
open goes to the statistical model, which is loaded when it is first needed (about 0.2 s).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import Any

_LOADING = Lock()
LANGUAGES = ("en", "ru", "be", "uk", "pl", "lt", "lv", "de", "fr", "et")
CYRILLIC = ("ru", "be", "uk")
LATIN = ("en", "pl", "lt", "lv", "de", "fr", "et")

_SAMPLE = 4000
"""Characters looked at: more do not change the answer."""
_SURE_LETTERS = 40
"""Fewer letters than this are sure only by a decisive letter."""
_SURE_PROBABILITY = 0.9
_HINT_WEIGHT = 0.15
"""How improbable the hinted language may be, in a short text, and still be believed."""

_OWN_LETTERS = {
    "pl": "ąęłńśźż",
    "lt": "ėįų",
    "lv": "āēīģķļņ",
    "et": "õ",
    "de": "ß",
    "fr": "èêëçœâîôûùÿ",
}
"""Letters that one Latin alphabet of the set has and the others do not."""


_WORDS = re.compile(r"[^\W\d_]+")
_PLAIN_SAMPLE = 1500
_ENOUGH_WORDS = 40
_PLAIN_SHARE = 0.15
"""Share of a text's words that little words of its language make up at least: English prose has a quarter of these."""
_LITTLE_WORDS = {
    "en": ("the", "of", "and", "to", "that", "with", "was", "it", "is", "for", "from", "by"),
    "de": ("der", "die", "das", "und", "den", "von", "mit", "nicht", "ist", "zu", "ein", "auf"),
    "fr": ("le", "la", "les", "des", "et", "une", "du", "que", "dans", "pour", "est", "qui"),
    "pl": ("w", "z", "na", "się", "nie", "do", "że", "jest", "przez", "od", "oraz", "dla"),
}
"""Words that make up much of any text of the language and little of the others."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A language (ISO 639-1 or ""), whether it is certain, and the share it has of what speaks for any of the languages, 0 to 1."""

    code: str
    sure: bool
    confidence: float


def detect_language(text: str, hint: str = "") -> tuple[str, bool]:
    """As `judge_language`, without the figure."""
    judged = judge_language(text, hint)
    return judged.code, judged.sure


def judge_language(text: str, hint: str = "") -> Judged:
    """The language of `text` and whether that is certain.

    Args:
        text: Prose or a headline; the first 4,000 characters are read.
        hint: What the feed or page claims (a language tag; "be-latn" reads as "be"); it settles only what is open.

    Returns:
        An ISO 639-1 code of `LANGUAGES`, or `hint` or "" where the text has no letters; and False where the text is too
        short or too mixed to be certain (fewer than 40 letters and no decisive letter among them). The confidence is the
        model's probability, or the share of decisive letters or of little words where those decided; 0 without letters.
    """
    hint = hint.strip().lower().replace("_", "-").split("-")[0]
    seen = Counter(text[:_SAMPLE].lower())
    letters = Counter({character: count for character, count in seen.items() if character.isalpha()})
    total = letters.total()
    if not total:
        return Judged(hint, False, 0.0)
    cyrillic = sum(count for letter, count in letters.items() if "Ѐ" <= letter <= "ԯ")
    judged = _cyrillic(text, letters, hint) if 2 * cyrillic >= total else _latin(text, letters, hint)
    mixed = 3 * min(cyrillic, total - cyrillic) > total
    return replace(judged, sure=judged.sure and not mixed)


def _cyrillic(text: str, letters: Counter[str], hint: str) -> Judged:
    """Belarusian has і ў and no и; Ukrainian і and и, ї є ґ and no ы; Russian и and ы and no і."""
    scores = {
        "be": 4 * letters["ў"] + letters["і"] + letters["ы"] + letters["э"] - 2 * letters["и"] - 2 * letters["щ"],
        "uk": 4 * (letters["ї"] + letters["є"] + letters["ґ"]) + letters["і"] + letters["и"] - 2 * (letters["ы"] + letters["э"]),
        "ru": letters["и"] + letters["ы"] + letters["э"] + 4 * letters["ъ"] + letters["щ"] - 2 * letters["і"],
    }
    scores["uk"] -= 2 * (letters["ў"] + letters["ъ"] + letters["ё"])
    scores["ru"] -= 4 * (letters["ў"] + letters["ї"] + letters["є"] + letters["ґ"])
    scores["be"] -= 4 * (letters["ї"] + letters["є"] + letters["ґ"] + letters["ъ"])
    (best, score), (_, second) = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:2]
    if score > 0 and score > second:
        return Judged(best, score - second >= 2, score / (score + max(second, 0)))
    return _by_model(text, letters, CYRILLIC, hint)


def _latin(text: str, letters: Counter[str], hint: str) -> Judged:
    if _is_latin_belarusian(letters):
        return Judged("be", True, 1.0)
    own = {language: sum(letters[letter] for letter in alphabet) for language, alphabet in _OWN_LETTERS.items()}
    if not any(own.values()) and (share := _plain_share(hint, text)):
        return Judged(hint, True, share)
    judged = _by_model(text, letters, LATIN, hint)
    found, count = max(own.items(), key=lambda item: (item[1], item[0]))
    if count >= 2 and count * 40 >= letters.total() and sum(own.values()) < 2 * count:
        return Judged(found, True, count / sum(own.values()))
    return judged


def _plain_share(hint: str, text: str) -> float:
    """The share of little words of the language that page or feed claim, among those of all; 0 where they do not bear the claim out.

    The model is not asked then: it would say the same, for 1 ms a page.
    """
    if hint not in _LITTLE_WORDS:
        return 0.0
    words = Counter(_WORDS.findall(text[:_PLAIN_SAMPLE].lower()))
    counts = {language: sum(words[word] for word in little) for language, little in _LITTLE_WORDS.items()}
    found, total = counts.pop(hint), words.total()
    plain = total >= _ENOUGH_WORDS and found > _PLAIN_SHARE * total and found > 4 * max(counts.values())
    return found / (found + max(counts.values())) if plain else 0.0


def _is_latin_belarusian(letters: Counter[str]) -> bool:
    """Belarusian in Latin letters has ŭ, or Polish-looking ł ś ć ź ń beside v š č ž, and none of the letters only Polish has."""
    if letters["ŭ"]:
        return True
    soft = letters["ł"] + letters["ś"] + letters["ć"] + letters["ź"] + letters["ń"]
    not_polish = letters["v"] + letters["š"] + letters["č"] + letters["ž"]
    polish = letters["w"] + letters["ą"] + letters["ę"] + letters["ó"] + letters["ż"]
    return soft > 0 and not_polish > 0 and not_polish > 2 * polish


def _by_model(text: str, letters: Counter[str], among: tuple[str, ...], hint: str) -> Judged:
    ranked = _model().rank(text[:_SAMPLE])
    scores = {language: score for language, score in ranked if language in among}
    total = math.fsum(scores.values()) or 1.0
    best = max(among, key=lambda language: (scores.get(language, 0.0), language == hint))
    probability = scores.get(best, 0.0) / total
    if letters.total() >= _SURE_LETTERS and probability >= _SURE_PROBABILITY:
        return Judged(best, True, probability)
    if hint in among and scores.get(hint, 0.0) / total >= _HINT_WEIGHT:
        return Judged(hint, False, scores.get(hint, 0.0) / total)
    return Judged(best, False, probability)


def _model() -> Any:
    """The identifier. Threads that need it at the same time wait for one to load it: it takes 100 MB while it is read."""
    with _LOADING:
        return _loaded_model()


@lru_cache(maxsize=1)
def _loaded_model() -> Any:
    """Restricted to our languages; importing the library reads its model, hence late."""
    from py3langid import langid

    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
