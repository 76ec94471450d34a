"""What the templates see: an edition arranged for print, with every label, date and plural already worded.

Plain data. A digest's own templates may use every field here; `edition` is an `EditionView`. Texts are clean but not escaped:
templates escape. A `lang` is "" where it is the edition's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CiteView:
    """A source tag. `url` leads to the very sentence, `page` to the page; both are "" where the address is not safe to print."""

    label: str
    """As in "Vayar Press (state), March 5", or "ibid." after the same source and day."""
    name: str
    stance: str
    day: str
    iso: str
    url: str
    page: str
    title: str
    lang: str
    language_name: str
    """The language of the source in words, "" where it is the edition's own."""
    of_record: bool
    mark: str = ""
    """The number of its article within the item, "1" to "n"; "" outside an item's prose."""
    told: bool = False
    """Whether an earlier paragraph of the item has named it in full, so that here its name is enough."""


@dataclass(frozen=True, slots=True)
class LineView:
    """A printed sentence: `lead` ("On March 5th, 2019:"), `before` and `after` are the quotation marks, "" for own words."""

    role: str
    lead: str
    before: str
    text: str
    after: str
    lang: str
    own: bool
    iso: str
    cites: tuple[CiteView, ...]
    """The first is quoted, the next up to three say the same."""
    also: str
    more: str
    """As in "+2 more" where further sources say the same, else ""."""
    said: str = ""
    """Who says it, where the sentence does not, or "claim" where nobody is named; "" for the source's own words."""
    aside: str = ""
    """A machine translation that stands beside the sentence, with the mark that it is one; "" where there is none."""
    runs_on: bool = False
    """Whether the next sentence of the paragraph is from the same place: plain forms name the place after the last."""


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """Sentences that run together; `kind` is "thesis", "event", "background" or "outlook"."""

    kind: str
    label: str
    lines: tuple[LineView, ...]
    sources: tuple[CiteView, ...] = ()
    """What its sentences cite, each once, by number: the small line below it."""


@dataclass(frozen=True, slots=True)
class CueView:
    """A cue behind a status, counted or not, with the sentence that carries it."""

    score: str
    text: str
    lang: str
    sentence: str
    before: str
    after: str
    """The quotation marks around the sentence."""
    counted: bool
    verdict: str
    """As in "counted", or "not counted" with the reason."""
    cite: CiteView


@dataclass(frozen=True, slots=True)
class StatusView:
    """A status in arrow, word and sentence, and its argument. `verdict` is "better", "worse" or "unchanged"."""

    verdict: str
    arrow: str
    word: str
    sentence: str
    reason: str
    argument: str
    """One line: balance, threshold, independent sources, counted cues."""
    balance: str
    override: str
    cues: tuple[CueView, ...]


@dataclass(frozen=True, slots=True)
class VoiceView:
    """A source of an item and the copies folded behind it; `fold` is "+3 more with the same text" or "".

    `same` names the sources that say the same in another language, or is "".
    """

    cite: CiteView
    fold: str
    copies: tuple[CiteView, ...]
    same: str = ""


@dataclass(frozen=True, slots=True)
class StanceView:
    """The voices of one stance."""

    stance: str
    title: str
    voices: tuple[VoiceView, ...]


@dataclass(frozen=True, slots=True)
class OneSidedView:
    """A sentence that only one side carries; `lead` is "Only state media:"."""

    lead: str
    line: LineView


@dataclass(frozen=True, slots=True)
class LinkView:
    """A headline elsewhere: an earlier story, or one below the cut."""

    title: str
    lang: str
    url: str
    source: str
    """As in "Vayar Press (state), March 5", with the number of further sources where there are any."""
    iso: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One story as told."""

    anchor: str
    headline: str
    lang: str
    headline_from: str
    """As in "Headline: Vayar Press" where a source's headline was taken, with a machine translation where there is one, else ""."""
    status: StatusView
    paragraphs: tuple[ParagraphView, ...]
    stances: tuple[StanceView, ...]
    one_sided: tuple[OneSidedView, ...]
    similar: tuple[LinkView, ...]
    why: str
    """As in "Matched words: …" or ""."""
    rules: str
    feedback: str
    url: str
    """The item on the archive page; "" where the edition has no address."""
    marks: tuple[tuple[str, str], ...] = ()
    """(word, address) of the answers to "is this story relevant?"; empty where it is not asked."""


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The last weeks of a section as a picture and as block characters, with the same in words."""

    picture: str
    """Where the picture is: relative on the page, https in a mail; "" where it has no address that a mail program would load."""
    width: int
    height: int
    blocks: str
    arrows: str
    """The arrow of each week's edition below its block, a space where there was none; "" where no edition came before."""
    label: str
    """What the picture says, in words."""
    now: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section; `quiet` is the calm line where it has no item, `omitted` the line for items left to the web."""

    anchor: str
    title: str
    status: StatusView
    glance: str
    items: tuple[ItemView, ...]
    notes: tuple[LinkView, ...]
    history: HistoryView | None
    quiet: str
    omitted: str


@dataclass(frozen=True, slots=True)
class WatchView:
    """A coming date."""

    day: str
    iso: str
    line: LineView


@dataclass(frozen=True, slots=True)
class FailedView:
    """A source that could not be read."""

    name: str
    reason: str
    since: str


@dataclass(frozen=True, slots=True)
class MadeView:
    """The coverage box: figures with their words, spreads, what failed, and the reading convention."""

    figures: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    spreads: tuple[tuple[str, str], ...]
    failed_heading: str
    failed: tuple[FailedView, ...]
    convention: str


@dataclass(frozen=True, slots=True)
class LanguageView:
    """One entry of the language switch."""

    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class LinksView:
    """Addresses of the furniture; "" where there is none to give."""

    permalink: str
    archive: str
    feed: str
    data: str
    markdown: str
    text: str
    subscribe: str
    unsubscribe: str
    preferences: str
    pictures: str
    """The folder of the pictures; "" where none can be shown."""
    languages: tuple[LanguageView, ...]


@dataclass(frozen=True, slots=True)
class DeskView:
    """A note above the edition: what a correction changed, or words of the desk. `url` leads to the revision before, else ""."""

    heading: str
    paragraphs: tuple[str, ...]
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class EditionView:
    """The whole edition, arranged."""

    language: str
    direction: str
    title: str
    number: str
    week_line: str
    week: str
    iso: str
    subject: str
    description: str
    promise: str
    sections: tuple[SectionView, ...]
    watch: tuple[WatchView, ...]
    made: MadeView
    omitted: str
    why_sent: str
    """Why a reader gets the mail."""
    links: LinksView
    words: Mapping[str, str]
    """Headings and fixed words by their name in the catalogue, underscores for stops: `words.glance_heading`."""
    desk: tuple[DeskView, ...] = ()
    """Corrections, the newest first, then the desk's note."""
