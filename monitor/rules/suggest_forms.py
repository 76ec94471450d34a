"""Proposes terms from the words of an archive: forms of a word with the prefix that holds them, spellings of a name.

Everything is counted in the articles given. There is no dictionary here, so a form that no article holds is not known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.model.match import Document
from monitor.text.fold import fold
from monitor.text.tokens import tokens

LEAST_STEM = 4
"""Letters of a prefix that a rule should have (W101)."""
LEAST_NAME = 6
"""Letters of a name whose spellings can be told apart from other names by their skeleton."""
_LONGEST_ENDING = 4


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix term, with the forms it holds and the other words that it reaches, each with the articles' count."""

    text: str
    forms: Mapping[str, int]
    others: Mapping[str, int]

    @property
    def safe(self) -> bool:
        """True where the archive knows no other word that begins so."""
        return not self.others


@dataclass(frozen=True, slots=True)
class Forms:
    """What an archive holds of a word: `forms` with their counts, prefixes from short to long, and the term proposed."""

    word: str
    language: str
    forms: Mapping[str, int]
    prefixes: tuple[Prefix, ...]
    proposal: str


def word_counts(documents: Iterable[Document], language: str) -> Counter[str]:
    """How many articles in a language hold each word, in small letters; of spellings that fold alike, the most frequent stands for all."""
    counts: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = {}
    for document in documents:
        if document.language == language:
            found = {token.folded: token.original.lower() for token in tokens(f"{document.title}\n{document.text}", language)}
            counts.update(found.keys())
            for folded, original in found.items():
                spelled.setdefault(folded, Counter())[original] += 1
    return Counter({spelled[folded].most_common(1)[0][0]: count for folded, count in counts.items()})


def suggest_forms(word: str, language: str, counts: Mapping[str, int]) -> Forms:
    """Forms of a word by its stem, and what each prefix would reach besides.

    A form is a word that keeps all but the last two letters of `word` and adds at most four: endings, not derived words, as far as that can
    be told without a dictionary. The proposal is what all forms begin with where that has `LEAST_STEM` letters and reaches nothing else;
    otherwise the forms written out.
    """
    plain = word.lower()
    stem = _fold(plain[: max(LEAST_STEM - 1, len(plain) - 3)], language)
    near = {known: count for known, count in counts.items() if _fold(known, language).startswith(stem)}
    forms = {known: count for known, count in near.items() if _is_form(_fold(known, language), _fold(plain, language))}
    if not any(_fold(known, language) == _fold(plain, language) for known in forms):
        forms[plain] = 0
    lengths = range(max(LEAST_STEM - 1, len(plain) - 3), len(plain) + 1)
    prefixes = tuple(_prefix(plain[:length], language, forms, near) for length in lengths)
    whole = [prefix for prefix in prefixes if len(prefix.forms) == len(forms) and len(prefix.text) >= LEAST_STEM]
    safe = whole[-1] if len(forms) > 1 and whole and whole[-1].safe else None
    return Forms(word, language, _by_count(forms), prefixes, f"{safe.text}*" if safe else alternatives(forms))


def _fold(text: str, language: str) -> str:
    return fold(text, language).text


def _is_form(known: str, word: str) -> bool:
    """Whether two words differ in their endings only: the same but for the last letters, of which no more than four are new."""
    same = 0
    for one, other in zip(known, word, strict=False):
        if one != other:
            break
        same += 1
    ending = len(known) - same
    longest = _LONGEST_ENDING - (same == len(word)) - (same < LEAST_STEM)
    return same >= max(LEAST_STEM - 1, len(word) - 2) and ending <= longest


def _prefix(text: str, language: str, forms: Mapping[str, int], near: Mapping[str, int]) -> Prefix:
    def begins(word: str) -> bool:
        return _fold(word, language).startswith(_fold(text, language))

    held = {known: count for known, count in forms.items() if begins(known)}
    others = {known: count for known, count in near.items() if begins(known) and known not in forms}
    return Prefix(text, _by_count(held), _by_count(others))


def _by_count(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


def alternatives(forms: Iterable[str]) -> str:
    """Words written out as one term, with what they begin with in common before the brackets."""
    words = sorted(set(forms))
    if len(words) == 1:
        return words[0]
    stem = words[0]
    while not all(word.startswith(stem) for word in words):
        stem = stem[:-1]
    if len(stem) < 2:
        return f"({'|'.join(words)})"
    return f"{stem}({'|'.join(word[len(stem) :] for word in words)})"


# Cyrillic by sound, then the ways in which Latin spellings of one Slavic name differ.
_TO_LATIN = str.maketrans("абвгґдеёєжзиіїйклмнопрстуўфхцчшщыэюя", "abvhhdeeezziiiiklmnoprstuufhcsssieua", "ъь'")
_SAME = (
    (re.compile("shch|stsch|sch|sh|sz|sj|cz|ch|tch|tsch|zh|rz"), "s"),
    (re.compile("kh|gh"), "h"),
    (re.compile("ou|w"), "u"),
    (re.compile("ts|tz"), "c"),
    (re.compile("[yj]"), "i"),
    (re.compile("g"), "h"),
    (re.compile("v"), "u"),
    (re.compile("z"), "s"),
    (re.compile("c"), "s"),
    (re.compile("ii+"), "i"),
    (re.compile("i(?=[aeou])"), ""),
    (re.compile(r"(.)\1"), r"\1"),
    (re.compile("[aeiou]+$"), ""),
)


def skeleton(name: str) -> str:
    """What the spellings of a Slavic name have in common, whatever the alphabet and the habit of writing it; to propose, never to match."""
    found = fold(name, "").text.translate(_TO_LATIN)
    for pattern, same in _SAME:
        found = pattern.sub(same, found)
    return found


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling found, folded, by language, with the number of articles that hold it."""

    text: str
    language: str
    articles: int


def suggest_variants(name: str, documents: Iterable[Document]) -> tuple[Spelling, ...]:
    """Capitalised words of the articles whose skeleton is that of `name` or begins with it (case endings), the most frequent first.

    Raises:
        ValueError: The name has fewer than `LEAST_NAME` letters: too many other names share its skeleton.
    """
    if sum(letter.isalpha() for letter in name) < LEAST_NAME:
        raise ValueError(f'"{name}" is too short: with fewer than {LEAST_NAME} letters other names look the same')
    wanted = skeleton(name)
    counts: Counter[tuple[str, str]] = Counter()
    known: dict[str, bool] = {}
    for document in documents:
        found = set()
        for token in tokens(f"{document.title}\n{document.text}", document.language):
            if token.original[0].isupper() and len(token.original) >= LEAST_NAME - 1:
                same = known.get(token.original)
                if same is None:
                    same = known[token.original] = _same_name(skeleton(token.original), wanted)
                if same:
                    found.add(fold(token.original, document.language).text)
        counts.update((text, document.language) for text in found)
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(Spelling(text, language, count) for (text, language), count in ordered)


def _same_name(found: str, wanted: str) -> bool:
    """Equal, or longer by a case ending (at most two sounds more)."""
    return bool(wanted) and found.startswith(wanted) and len(found) - len(wanted) <= 2
