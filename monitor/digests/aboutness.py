"""How much of an article is about the matter of a rule that matches it, told from where the matched terms stand. Pure; it ranks nothing."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model.article import Article
from monitor.model.match import Field, Match
from monitor.text.sentences import split_sentences

_TOGETHER = 2
"""Different terms of a rule that a sentence holds if it speaks of the matter: one alone may be the name of a country."""
_FEWEST = 2
_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Aboutness:
    """Where the terms of a rule stand in an article: how many of its `sentences` are `telling`, holding two different terms or more.

    `titled`: the title does. `first` is the place of the first telling sentence, from 0; None where there is none.
    """

    rule: str
    sentences: int
    telling: int
    first: int | None
    titled: bool

    @property
    def share(self) -> float:
        """The telling share of the article, 0 to 1, in which the title counts as two sentences."""
        return (2 * self.titled + self.telling) / (2 + self.sentences)

    @property
    def in_passing(self) -> bool:
        """True where the title says nothing of the matter, and of the text one sentence in more than four at most."""
        return not self.titled and self.telling < _FEWEST and self.telling < _SHARE * self.sentences

    @property
    def reason(self) -> str:
        """The same in words, for whoever tunes a rule."""
        where = "" if self.first is None else f", from sentence {self.first + 1}"
        title = "title and " if self.titled else ""
        passing = ": in passing" if self.in_passing else ""
        return f"{self.rule} in {title}{self.telling} of {self.sentences} sentences{where}{passing}"


def aboutness(article: Article, match: Match) -> Aboutness:
    """Measure one match. Where a match has a single term only, that one is enough."""
    together = min(_TOGETHER, len({span.term for span in match.spans}))
    spans = split_sentences(article.text, article.language)
    found: list[set[str]] = [set() for _ in spans]
    title: set[str] = set()
    for span in match.spans:
        if span.field is Field.TITLE:
            title.add(span.term)
        else:
            for held, sentence in zip(found, spans, strict=True):
                if sentence.start <= span.start < sentence.end:
                    held.add(span.term)
    telling = [place for place, held in enumerate(found) if held and len(held) >= together]
    return Aboutness(
        match.rule, len(spans), len(telling), telling[0] if telling else None, bool(title) and len(title) >= together
    )
