"""An article as the rules read it: its words by field, folded once for each folding that is asked for; it matches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.model.match import Document, Field
from monitor.rules.schema import Phrase
from monitor.text.fold import Folded, fold, fold_class, fold_word
from monitor.text.tokens import Word, words

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


@dataclass(slots=True)
class Reading:
    """A document cut into words. `lead_words` is how many words of the text its first paragraph has."""

    document: Document
    words: tuple[list[Word], list[Word]]
    lead_words: int
    _folded: dict[str, tuple[tuple[list[str], list[str]], ...]] = field(default_factory=dict)
    _whole: dict[tuple[int, str], Folded] = field(default_factory=dict)

    def folded(self, kind: str) -> tuple[tuple[list[str], list[str]], ...]:
        """For title and text: the words folded, and with their case kept."""
        known = self._folded.get(kind)
        if known is None:
            known = self._folded[kind] = tuple(_fold_all(part, kind) for part in self.words)
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
        found = self.words[hit.field]
        return found[hit.first].start, found[hit.last].end

    def shown(self, hit: Hit) -> str:
        """The words of a hit as they stand in the article."""
        start, end = self.span(hit)
        return self.raw(hit.field)[start:end]

    def place(self, hit: Hit) -> Field:
        """Title, lead or the rest of the text."""
        if hit.field == TITLE:
            return Field.TITLE
        return Field.LEAD if hit.last < self.lead_words else Field.TEXT

    def language(self) -> str:
        """The article's language where it is to be trusted, else ""."""
        document = self.document
        if not document.language or not document.language_sure:
            return ""
        return document.language if self.letters() >= LEAST_LETTERS else ""

    def kinds(self, known: Iterable[str]) -> tuple[str, ...]:
        """The foldings to look under: that of the article's language, or every one that is `known`."""
        language = self.language()
        return (fold_class(language),) if language and fold_class(language) in known else tuple(known)

    def letters(self) -> int:
        """Letters and digits of title and text, counted no further than needed to trust a language."""
        total = 0
        for part in self.words:
            for word in part:
                total += word.end - word.start
                if total >= LEAST_LETTERS:
                    return total
        return total


def read_document(document: Document) -> Reading:
    """Cut a document into words."""
    title, text = words(document.title), words(document.text)
    end = _FIRST_PARAGRAPH.match(document.text)
    lead_end = end.end() if end else 0
    lead = next((index for index, word in enumerate(text) if word.start >= lead_end), len(text))
    return Reading(document, (title, text), lead)


def _fold_all(part: list[Word], kind: str) -> tuple[list[str], list[str]]:
    pairs = [fold_word(word.original, kind) for word in part]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
