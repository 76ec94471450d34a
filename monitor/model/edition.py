"""An edition: one dated number of a digest in one language, as data. Renderers print it and decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitor.model.aid import Aid, Phrasing, Rejected, Translation
from monitor.model.digest import Window
from monitor.model.feed import Stance


class Verdict(StrEnum):
    """How a section or item moved. `UNCHANGED` is the default, not a failure."""

    BETTER = "better"
    WORSE = "worse"
    UNCHANGED = "unchanged"


class Role(StrEnum):
    """What a sentence does in an item."""

    THESIS = "thesis"
    EVENT = "event"
    CLAIM = "claim"
    BACKGROUND = "background"
    OUTLOOK = "outlook"


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A voice as cited: its name, stance, language and country."""

    feed: str
    name: str
    stance: Stance
    language: str
    country: str = ""
    of_record: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """The place a printed sentence comes from. `start`..`end` are characters of the article's `field` ("text" or "title").

    `url` leads to the very sentence (text fragment link) where the browser can, `published` is the article's date.
    """

    article: str
    url: str
    title: str
    field: str
    start: int
    end: int
    source: SourceRef
    published: datetime


@dataclass(frozen=True, slots=True)
class Sentence:
    """A printed sentence. Verbatim where `citations` is not empty (the first is the one quoted, the others say the same);
    the analyst's own words (a rule's assessment) where it is empty and `own` is True.

    `day` is the day the sentence speaks of, `day_from` how that is known ("named", "relative", "publication").
    `speaker` is who says it, where it is attributed speech. `translation` stands beside a sentence of another language.

    Where a language model phrased it, `phrasing` names the model, and `rests_on` are the sentences that bear it out; it is `own`
    too: nobody's quotation. `transition` is the connecting word that the model chose to stand before a verbatim sentence.
    """

    text: str
    role: Role
    language: str
    day: date | None = None
    day_end: date | None = None
    day_from: str = ""
    citations: tuple[Citation, ...] = ()
    speaker: str = ""
    own: bool = False
    score: float = 0.0
    translation: Translation | None = None
    phrasing: Phrasing | None = None
    rests_on: tuple[Citation, ...] = ()
    transition: str = ""
    by: str = ""
    """Whose own words: "desk" where a person wrote them for this edition; "" where a rule lent them."""


@dataclass(frozen=True, slots=True)
class CountedCue:
    """A direction cue behind a status: rule, words, score (PLOVER scale), and the sentence that carries it."""

    rule: str
    text: str
    score: float
    plover: str
    sentence: str
    citation: Citation
    counted: bool = True
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """A verdict that is argued: the balance against the threshold, independent sources, the cues, and one `reason` line."""

    verdict: Verdict
    reason: str
    balance: float = 0.0
    threshold: float = 2.0
    independent_sources: int = 0
    cues: tuple[CountedCue, ...] = ()
    override: str = ""


@dataclass(frozen=True, slots=True)
class CopyFold:
    """Copies folded behind one source: who else carried the same text. `origin` is the agency it comes from, or its first publisher."""

    lead: Citation
    others: tuple[Citation, ...]
    origin: str = ""
    translations: tuple[Citation, ...] = ()
    """Sources of the story that say the same in another language; they are not folded."""


@dataclass(frozen=True, slots=True)
class OneSided:
    """A sentence that only one side carries, in an item that several sides report."""

    stance: Stance
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Item:
    """One story as told. `paragraphs` of sentences in printing order: thesis, events (and claims), background, outlook."""

    id: str
    story: str
    rules: tuple[str, ...]
    headline: str
    headline_from: str
    """"rule" or the id of the article whose headline was taken."""
    headline_language: str
    status: Status
    paragraphs: tuple[tuple[Sentence, ...], ...]
    sources: tuple[Citation, ...]
    """One per independent source (copies folded), by first appearance."""
    copies: tuple[CopyFold, ...] = ()
    one_sided: tuple[OneSided, ...] = ()
    similar: tuple[SimilarStory, ...] = ()
    matched: tuple[str, ...] = ()
    """The words that matched, as found, for "why is this here"."""
    score: float = 0.0
    headline_translation: Translation | None = None
    rejected: tuple[Rejected, ...] = ()
    """What a language model wrote for it and the verifier threw out."""

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All printed sentences in order."""
        return tuple(sentence for paragraph in self.paragraphs for sentence in paragraph)


@dataclass(frozen=True, slots=True)
class SimilarStory:
    """An earlier story of the same matter: its best headline, date, and where to read it.

    Where an earlier edition told it, `week` and `item` say which and where, and headline, address and source are that edition's.
    """

    story: str
    title: str
    url: str
    published: datetime
    source: str
    language: str = ""
    translation: Translation | None = None
    week: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A story below the cut, told in one line under "Also noted"."""

    story: str
    title: str
    language: str
    url: str
    source: SourceRef
    published: datetime
    more_sources: int = 0
    translation: Translation | None = None


@dataclass(frozen=True, slots=True)
class EditionSection:
    """A section with at least one item or note, or with the statement that nothing was found."""

    id: str
    title: str
    status: Status
    glance: str
    """8–12 words: why the status."""
    items: tuple[Item, ...] = ()
    notes: tuple[Note, ...] = ()
    history: tuple[int, ...] = ()
    """Matched stories in each of the last twelve weeks, oldest first, this week last."""
    past: tuple[Verdict | None, ...] = ()
    """What editions before this one said of the section, one for each week of `history` but the last; None where there was none."""
    omitted: int = 0
    """Items of this section dropped to keep the mail within its size."""
    elsewhere: tuple[str, ...] = ()
    """Where it tells nothing: titles of the sections that tell the stories which meet its rules too."""


@dataclass(frozen=True, slots=True)
class WatchDate:
    """A date after the window that a source names."""

    day: date
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class FailedSource:
    """A source that could not be read in the window, with the reason an operator sees."""

    feed: str
    name: str
    reason: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What this edition rests on: counts over the window, and what could not be read."""

    feeds_polled: int
    articles_read: int
    articles_matched: int
    copies_folded: int
    stories: int
    failed: tuple[FailedSource, ...] = ()
    without_text: int = 0
    by_language: Mapping[str, int] = field(default_factory=dict)
    by_stance: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a revision changed, in words for readers, and when it was printed."""

    revision: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One number of a digest in one language. `key` is the local date it fell due; `number` is its ISO week."""

    digest: str
    title: str
    language: str
    window: Window
    key: date
    due_at: datetime
    number: int
    week_line: str
    sections: tuple[EditionSection, ...]
    watch: tuple[WatchDate, ...]
    coverage: Coverage
    promise: str = ""
    omitted: int = 0
    """Items dropped to keep the mail within its size; the archive page has them all."""
    permalink: str = ""
    ruleset: str = ""
    subject: str = ""
    mark_links: Mapping[str, str] = field(default_factory=dict)
    """Story → the page where a reader says whether it is relevant; empty where the digest does not ask, or has no address."""
    note: str = ""
    """A note of the desk to its readers, printed above everything; paragraphs are parted by an empty line."""
    corrections: tuple[Correction, ...] = ()
    """Of a revision: all of them up to this one, in order."""
    aids: tuple[Aid, ...] = ()
    """What translator and writer did; empty where none was asked."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """An edition printed in one language. `mail_html` and `mail_text` hold the tokens {{UNSUBSCRIBE_URL}} and {{PREFERENCES_URL}}, nothing else personal."""

    language: str
    subject: str
    html: str
    text: str
    markdown: str
    json: str
    atom_entry: str
    mail_html: str
    mail_text: str


UNSUBSCRIBE_TOKEN = "{{UNSUBSCRIBE_URL}}"  # noqa: S105 — a place to fill, no secret
PREFERENCES_TOKEN = "{{PREFERENCES_URL}}"  # noqa: S105 — likewise


@dataclass(frozen=True, slots=True)
class FrozenEdition:
    """A published edition as kept: never composed again. `id` is "<digest>/<key>", of a correction "<digest>/<key>/<revision>"."""

    id: str
    digest: str
    key: date
    week: str
    window: Window
    due_at: datetime
    frozen_at: datetime
    number: int
    inputs_hash: str
    renditions: Mapping[str, Rendition]
    revision: int = 1
