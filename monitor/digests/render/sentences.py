"""Arranges sentences for print: what opens them, the quotation marks of verbatim ones, and their source tags.

Consecutive sentences run together as prose: a day is named once, and the same source of the same day becomes "ibid.".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.digests.render.clean import printable, safe_url, without_fragment_directive
from monitor.digests.render.idiom import Idiom
from monitor.digests.render.view import CiteView, LineView, ParagraphView
from monitor.model.edition import Citation, Item, Role, Sentence
from monitor.text.locale import language_name

ALSO = 3
"""How many further sources of a sentence are named before "+N more"."""

_KIND = {Role.THESIS: "thesis", Role.EVENT: "event", Role.CLAIM: "event", Role.BACKGROUND: "background", Role.OUTLOOK: "outlook"}


def cite_view(citation: Citation, idiom: Idiom, *, label: str = "") -> CiteView:
    """A source tag: name, stance and day, linked to the sentence."""
    source = citation.source
    url = safe_url(citation.url)
    stance = idiom.words.say(f"stance.{source.stance.value}.short")
    name = printable(source.name) or source.feed
    day = idiom.short(citation.published)
    foreign = idiom.foreign(source.language)
    return CiteView(
        label=label or idiom.words.say("cite.source", name=name, stance=stance, day=day),
        name=name,
        stance=stance,
        day=day,
        iso=idiom.day_of(citation.published).isoformat(),
        url=url,
        page=without_fragment_directive(url),
        title=printable(citation.title),
        lang=foreign,
        language_name=language_name(foreign, idiom.language) if foreign else "",
        of_record=source.of_record,
    )


def line_view(sentence: Sentence, idiom: Idiom, *, lead: str = "", again: bool = False) -> LineView:
    """A sentence with its marks and tags; `lead` opens it, `again` makes its tag "ibid."."""
    text = printable(sentence.text)
    before, after = ("", "") if sentence.own else idiom.quotes(text)
    shown = sentence.citations[: 1 + ALSO]
    cites = [cite_view(citation, idiom) for citation in shown]
    if cites:
        cites[0] = cite_view(shown[0], idiom, label=_first_label(sentence, cites[0].label, idiom, again=again))
    more = len(sentence.citations) - len(shown)
    return LineView(
        role=sentence.role.value,
        lead=lead,
        before=before,
        text=text,
        after=after,
        lang=idiom.foreign(sentence.language),
        own=sentence.own,
        iso=sentence.day.isoformat() if sentence.day else "",
        cites=tuple(cites),
        also=idiom.words.say("cite.also") if len(cites) > 1 else "",
        more=idiom.words.count("cite.more", more) if more else "",
    )


def _first_label(sentence: Sentence, label: str, idiom: Idiom, *, again: bool) -> str:
    if again:
        speaker = printable(sentence.speaker)
        return idiom.words.say("cite.speaker_again", speaker=speaker) if speaker else idiom.words.say("cite.again")
    if sentence.speaker:
        return idiom.words.say("cite.speaker", speaker=printable(sentence.speaker), cite=label)
    if sentence.role is Role.CLAIM:
        return idiom.words.say("cite.claim", cite=label)
    return label


def paragraph_views(item: Item, idiom: Idiom) -> tuple[ParagraphView, ...]:
    """The paragraphs of an item, their sentences opened by date where the day changes."""
    views = []
    before: Sentence | None = None
    for paragraph in item.paragraphs:
        if not paragraph:
            continue
        kind = _KIND[paragraph[0].role]
        label = idiom.words.say("outlook.label") if kind == "outlook" else ""
        views.append(ParagraphView(kind, label, tuple(_lines(paragraph, before, idiom))))
        before = _last_dated(paragraph) or before
    return tuple(views)


def _lines(paragraph: Sequence[Sentence], before: Sentence | None, idiom: Idiom) -> Iterator[LineView]:
    """The lines of a paragraph; `before` is the last dated sentence of the paragraphs above it."""
    previous: Sentence | None = None
    for number, sentence in enumerate(paragraph):
        dated = _last_dated(paragraph[:number])
        lead = _lead(sentence, dated, before, idiom)
        yield line_view(sentence, idiom, lead=lead, again=previous is not None and _same_source(previous, sentence))
        previous = sentence


def _lead(sentence: Sentence, here: Sentence | None, above: Sentence | None, idiom: Idiom) -> str:
    """What opens a sentence: nothing inside a day, "On the same day" in the next paragraph, else the date."""
    if sentence.own or sentence.day is None or (here is not None and _same_day(here, sentence)):
        return ""
    day = idiom.opening(sentence.day, sentence.day_end)
    if sentence.role is Role.BACKGROUND:
        return idiom.words.say("background.on", day=day)
    if sentence.role not in (Role.EVENT, Role.CLAIM):
        return ""
    if here is None and above is not None and _same_day(above, sentence) and above.role in (Role.EVENT, Role.CLAIM):
        return idiom.words.say("event.same_day")
    return idiom.words.say("event.published" if sentence.day_from == "publication" else "event.on", day=day)


def _last_dated(sentences: Sequence[Sentence]) -> Sentence | None:
    return next((sentence for sentence in reversed(sentences) if sentence.day and not sentence.own), None)


def _same_day(one: Sentence, other: Sentence) -> bool:
    """Same day, known the same way: an event's day and a mere publication day are not one thing."""
    published = (one.day_from == "publication") == (other.day_from == "publication")
    background = (one.role is Role.BACKGROUND) == (other.role is Role.BACKGROUND)
    return (one.day, one.day_end) == (other.day, other.day_end) and published and background


def _same_source(one: Sentence, other: Sentence) -> bool:
    if len(one.citations) != 1 or len(other.citations) != 1:
        return False
    first, second = one.citations[0], other.citations[0]
    return first.article == second.article and first.source.feed == second.source.feed
