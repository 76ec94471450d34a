"""Arranges sentences for print: what opens them, the quotation marks of verbatim ones, and their source tags.

Consecutive sentences run together as prose: a day is named once, the same source of the same day becomes "ibid.", and the articles
that an item cites are numbered in order of first mention, so that a number can stand where a name would interrupt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from monitor.digests.render.clean import printable, safe_url, without_fragment_directive
from monitor.digests.render.idiom import Idiom
from monitor.digests.render.view import CiteView, LineView, ParagraphView
from monitor.model.aid import Translation
from monitor.model.desk import DESK
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
    shown = cited(sentence)[: 1 + ALSO]
    cites = [cite_view(citation, idiom) for citation in shown]
    if cites:
        cites[0] = cite_view(shown[0], idiom, label=_first_label(sentence, cites[0].label, idiom, again=again))
    if sentence.by == DESK:
        cites = [_desk_view(idiom)]
    more = len(cited(sentence)) - len(shown)
    return LineView(
        role=sentence.role.value,
        lead=_with_transition(sentence.transition, lead),
        before=before,
        text=text,
        after=after,
        lang=idiom.foreign(sentence.language),
        own=sentence.own,
        iso=sentence.day.isoformat() if sentence.day else "",
        cites=tuple(cites),
        also=idiom.words.say("cite.also") if len(cites) > 1 else "",
        more=idiom.words.count("cite.more", more) if more else "",
        said=", ".join(part for part in (_said_by(sentence, idiom, again=again), _in_language(sentence, idiom)) if part),
        aside=translated(sentence.translation, idiom),
    )


def cited(sentence: Sentence) -> tuple[Citation, ...]:
    """What the tag of a sentence leads to: the places it is quoted from, or that bear out what a language model phrased."""
    return sentence.citations or sentence.rests_on


def translated(translation: Translation | None, idiom: Idiom, label: str = "translation.label") -> str:
    """A machine translation with the mark that it is one; "" where there is none."""
    if translation is None:
        return ""
    return idiom.words.say(label, engine=printable(translation.engine), text=printable(translation.text))


def _with_transition(transition: str, lead: str) -> str:
    """The connecting word that a language model chose, marked, before what opens the sentence."""
    if not transition:
        return lead
    return f"{transition}*, {lead[:1].lower()}{lead[1:]}" if lead else f"{transition}*:"


def _in_language(sentence: Sentence, idiom: Idiom) -> str:
    """The language of a quotation, where it is not the edition's."""
    foreign = "" if sentence.own else idiom.foreign(sentence.language)
    return idiom.words.say("cite.in_language", language=language_name(foreign, idiom.language)) if foreign else ""


def _said_by(sentence: Sentence, idiom: Idiom, *, again: bool = False) -> str:
    """Who says it, where the sentence itself does not; whose words a claim that names nobody is told in, once; the model that phrased it."""
    if sentence.phrasing:
        return idiom.words.say("writing.label", engine=printable(sentence.phrasing.writer))
    if sentence.own:
        return ""
    if sentence.role is Role.CLAIM and not sentence.speaker and sentence.citations:
        source = sentence.citations[0].source
        return "" if again else idiom.words.say("cite.unnamed", name=printable(source.name) or source.feed)
    return "" if sentence.speaker in sentence.text else printable(sentence.speaker)


def _desk_view(idiom: Idiom) -> CiteView:
    """The tag of a sentence that a person of the desk wrote: it has no other source."""
    return CiteView(idiom.words.say("cite.desk"), "", "", "", "", "", "", "", "", "", of_record=False)


def _first_label(sentence: Sentence, label: str, idiom: Idiom, *, again: bool) -> str:
    """The tag of the first source: who says it, and in which language."""
    if sentence.phrasing:
        return f"{_said_by(sentence, idiom)}: {label}"
    told = _speaker_label(sentence, label, idiom, again=again)
    return ", ".join(part for part in (told, _in_language(sentence, idiom)) if part)


def _speaker_label(sentence: Sentence, label: str, idiom: Idiom, *, again: bool) -> str:
    """Who says it, where the sentence itself does not: "according to the ministry" needs no "the ministry" after it."""
    speaker = "" if sentence.speaker in sentence.text else printable(sentence.speaker)
    if again:
        return idiom.words.say("cite.speaker_again", speaker=speaker) if speaker else idiom.words.say("cite.again")
    if speaker:
        return idiom.words.say("cite.speaker", speaker=speaker, cite=label)
    return label


@dataclass(frozen=True, slots=True)
class _Said:
    """The day that the prose last named; `published` where it was a publication's, `here` where this paragraph named it."""

    day: date | None = None
    day_end: date | None = None
    published: bool = False
    earlier: bool = False
    here: bool = False

    def is_day_of(self, sentence: Sentence) -> bool:
        return (self.day, self.day_end) == (sentence.day, sentence.day_end)


def paragraph_views(item: Item, idiom: Idiom) -> tuple[ParagraphView, ...]:
    """The paragraphs of an item: sentences opened by date where the day changes, the articles they cite numbered over the item."""
    views = []
    said = _Said()
    numbers: dict[str, str] = {}
    for paragraph in item.paragraphs:
        lines: list[LineView] = []
        previous: Sentence | None = None
        said = replace(said, here=False)
        named = len(numbers)
        for sentence in paragraph:
            lead, said = _lead(sentence, said, idiom)
            again = previous is not None and _same_source(previous, sentence)
            if again:
                lines[-1] = replace(lines[-1], runs_on=True)
            lines.append(_numbered(line_view(sentence, idiom, lead=lead, again=again), sentence, numbers))
            previous = sentence
        if lines:
            kind = _KIND[paragraph[0].role]
            label = idiom.words.say("outlook.label") if kind == "outlook" else ""
            views.append(ParagraphView(kind, label, tuple(lines), _sources(paragraph, numbers, named, idiom)))
    return tuple(views)


def _numbered(line: LineView, sentence: Sentence, numbers: dict[str, str]) -> LineView:
    """The line with the numbers of the articles it cites, new ones added to `numbers`."""
    marks = [numbers.setdefault(_place(citation), str(len(numbers) + 1)) for citation in cited(sentence)[: 1 + ALSO]]
    if len(marks) != len(line.cites):
        return line
    return replace(line, cites=tuple(replace(cite, mark=mark) for cite, mark in zip(line.cites, marks, strict=True)))


def _sources(paragraph: tuple[Sentence, ...], numbers: dict[str, str], named: int, idiom: Idiom) -> tuple[CiteView, ...]:
    """What a paragraph cites, each article once, by number; those up to `named` were named in full before."""
    places = {_place(citation): citation for sentence in paragraph for citation in cited(sentence)[: 1 + ALSO]}
    marks = sorted(((int(numbers[place]), citation) for place, citation in places.items()), key=lambda pair: pair[0])
    return tuple(replace(cite_view(citation, idiom), mark=str(mark), told=mark <= named) for mark, citation in marks)


def _place(citation: Citation) -> str:
    return f"{citation.source.feed} {citation.article}"


def _lead(sentence: Sentence, said: _Said, idiom: Idiom) -> tuple[str, _Said]:
    """What opens a sentence, and what has been said then: a day is named once, and again only in a new paragraph."""
    if sentence.own or sentence.day is None or sentence.role in (Role.THESIS, Role.OUTLOOK):
        return "", said
    published, earlier = sentence.day_from == "publication", sentence.role is Role.BACKGROUND
    now = _Said(sentence.day, sentence.day_end, published, earlier, here=True)
    if not earlier and _names_its_day(sentence):
        return "", now
    if said.is_day_of(sentence) and said.earlier == earlier:
        if (said.here or said.published) and (published or not said.published):
            return "", said
        if sentence.day_from == "relative":
            return "", now  # "on Tuesday" says it again
        if not published and not earlier:
            return idiom.words.say("event.same_day"), now
    if published:
        return idiom.opening("published", sentence.day, sentence.day_end), now
    first_earlier = earlier and not (said.earlier and said.here)
    if earlier and str(sentence.day.year) in sentence.text:
        # The quotation names its own day in full: saying it once more would only slow the reader.
        return (idiom.words.say("background.bare") if first_earlier else ""), now
    return idiom.opening("background" if first_earlier else "event", sentence.day, sentence.day_end), now


def _names_its_day(sentence: Sentence) -> bool:
    """Whether the quotation itself says the day by its number: said before it as well, and in its source, it would stand there thrice."""
    return (
        sentence.day_from == "named"
        and sentence.day is not None
        and bool(re.search(rf"(?<!\d){sentence.day.day}(?!\d)", sentence.text))
    )


def _same_source(one: Sentence, other: Sentence) -> bool:
    if len(one.citations) != 1 or len(other.citations) != 1:
        return False
    first, second = one.citations[0], other.citations[0]
    return first.article == second.article and first.source.feed == second.source.feed
