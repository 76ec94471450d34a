"""An article as the rules read it: its words by field, folded once for each folding that is asked for, placed when asked for; it matches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, overload

from monitor.model.match import Document, Field
from monitor.rules.schema import Phrase
from monitor.text.fold import WORD, Folded, fold, fold_class
from monitor.text.tokens import Forms, Words, folded_words, words

LEAST_LETTERS = 40
"""An article with fewer letters does not show its language."""
TITLE, TEXT = 0, 1
FIELDS = (Field.TITLE, Field.TEXT)
_FIRST_PARAGRAPH = re.compile(r"\s*[^\n]*")


class Hit(NamedTuple):
    """A phrase found: words `first`..`last` (both included) of the title (field 0) or text (field 1)."""

    field: int
    first: int
    last: int
    term: str
    phrase: Phrase


class ExactWords(Sequence[str]):
    """The words of a text with their case kept; seldom asked for."""

    def __init__(self, forms: list[Forms]) -> None:
        self._forms = forms

    def __len__(self) -> int:
        return len(self._forms)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        return [exact for _, exact in self._forms[at]] if isinstance(at, slice) else self._forms[at][1]


FoldedPart = tuple[list[str], ExactWords]


@dataclass(slots=True)
class Reading:
    """A document as words. The places of words are found when first asked for: most articles are let go without."""

    document: Document
    _words: tuple[Words, Words] | None = None
    _lead_words: int = -1
    _language: str | None = None
    _folded: dict[str, tuple[FoldedPart, FoldedPart]] = field(default_factory=dict)
    _whole: dict[tuple[int, str], Folded] = field(default_factory=dict)

    @property
    def words(self) -> tuple[Words, Words]:
        """The words of title and text, with their places and sentences."""
        if self._words is None:
            self._words = words(self.document.title), words(self.document.text)
        return self._words

    @property
    def lead_words(self) -> int:
        """How many words of the text its first paragraph has."""
        if self._lead_words < 0:
            found = _FIRST_PARAGRAPH.match(self.document.text)
            end = found.end() if found else 0
            self._lead_words = self.words[TEXT].before(end)
        return self._lead_words

    def folded(self, kind: str) -> tuple[FoldedPart, FoldedPart]:
        """For title and text: the words folded, and with their case kept."""
        known = self._folded.get(kind)
        if known is None:
            known = self._folded[kind] = _fold_all(self.document.title, kind), _fold_all(self.document.text, kind)
        return known

    def whole(self, part: int, language: str) -> Folded:
        """The title or text folded as one string, for expressions."""
        known = self._whole.get((part, language))
        if known is None:
            known = self._whole[part, language] = fold(self.raw(part), language)
        return known

    def raw(self, part: int) -> str:
        """The title or text as it stands in the article."""
        return self.document.text if part else self.document.title

    def span(self, hit: Hit) -> tuple[int, int]:
        """Characters of a hit in its field, half open."""
        return self.words[hit.field].span(hit.first, hit.last)

    def shown(self, hit: Hit) -> str:
        """The words of a hit as they stand in the article."""
        start, end = self.span(hit)
        return self.raw(hit.field)[start:end]

    def in_one_sentence(self, part: int, first: int, last: int) -> bool:
        """Whether no sentence, headline or paragraph ends between two words."""
        return first == last or self.words[part].sentence(first) == self.words[part].sentence(last)

    def place(self, hit: Hit) -> Field:
        """Title, lead or the rest of the text."""
        if hit.field == TITLE:
            return Field.TITLE
        return Field.LEAD if hit.last < self.lead_words else Field.TEXT

    def language(self) -> str:
        """The article's language where it is to be trusted, else ""."""
        if self._language is None:
            document = self.document
            trusted = document.language and document.language_sure and self.letters() >= LEAST_LETTERS
            self._language = document.language if trusted else ""
        return self._language

    def kinds(self, known: Iterable[str]) -> tuple[str, ...]:
        """The foldings to look under: that of the article's language, or every one that is `known`."""
        language = self.language()
        return (fold_class(language),) if language and fold_class(language) in known else tuple(known)

    def letters(self) -> int:
        """Letters and digits of title and text, counted no further than needed to trust a language."""
        total = 0
        for part in (self.document.title, self.document.text):
            for found in WORD.finditer(part):
                total += found.end() - found.start()
                if total >= LEAST_LETTERS:
                    return total
        return total


def read_document(document: Document) -> Reading:
    """Take a document to be read as words."""
    return Reading(document)


def _fold_all(text: str, kind: str) -> FoldedPart:
    forms = folded_words(text, kind)
    return [folded for folded, _ in forms], ExactWords(forms)
