"""Arranges an edition for print: `Edition` in, `EditionView` out. Words every label; drops, ranks and judges nothing."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.digests.render.clean import anchor, printable, safe_url
from monitor.digests.render.desk import desk_views
from monitor.digests.render.idiom import Idiom, idiom_of
from monitor.digests.render.links import feedback_link, mark_links
from monitor.digests.render.made import made_view
from monitor.digests.render.picture import HEIGHT, WIDTH, picture_name
from monitor.digests.render.sentences import cite_view, line_view, paragraph_views, translated
from monitor.digests.render.sparkline import blocks
from monitor.digests.render.status import ARROWS, quoted_list, status_view
from monitor.digests.render.view import (
    EditionView,
    HistoryView,
    ItemView,
    LinksView,
    LinkView,
    OneSidedView,
    SectionView,
    StanceView,
    VoiceView,
    WatchView,
)
from monitor.model.aid import Translation
from monitor.model.digest import Digest
from monitor.model.edition import Citation, CopyFold, Edition, EditionSection, Item, Note, SimilarStory
from monitor.model.feed import STATE_SIDE, Stance
from monitor.text.locale import join_list, language_name, long_date, number, short_date, short_span, text_direction

DESCRIPTION = 200
"""Characters of the summary that search engines and feed readers show."""

FOLDED = 12
"""Copies that are named before the fold is only counted."""


MATCHED = 7
"""Matched words that are named before the rest is counted."""


def arrange(edition: Edition, digest: Digest, links: LinksView) -> EditionView:
    """The edition as the templates see it, with the furniture leading to `links`.

    Raises:
        WrongUse, WrongFiles: The edition's language has no words, or the digest's own catalogue is wrong.
    """
    idiom = idiom_of(edition.language, digest)
    sections = tuple(_section(section, edition, digest, idiom, links) for section in edition.sections)
    return EditionView(
        language=edition.language,
        direction=text_direction(edition.language),
        title=printable(edition.title),
        number=idiom.words.say("edition.number", number=edition.number, year=edition.window.week[:4]),
        week_line=printable(edition.week_line),
        week=edition.window.week,
        iso=edition.window.last_day.isoformat(),
        subject=subject_of(edition, idiom),
        description=_description(sections),
        promise=printable(edition.promise),
        sections=sections,
        watch=tuple(_watch(edition, idiom)),
        made=made_view(edition, idiom),
        omitted=idiom.words.count("section.omitted", edition.omitted) if edition.omitted else "",
        why_sent=idiom.words.say("footer.why", title=printable(edition.title)),
        links=links,
        words=fixed_words(idiom),
        desk=desk_views(edition, idiom, links.permalink),
    )


def subject_of(edition: Edition, idiom: Idiom) -> str:
    """The subject of the mail: the edition's own, else title and week; one line, unique to the edition. A correction says so first."""
    subject = printable(edition.subject) or idiom.words.say(
        "edition.subject", title=printable(edition.title), week=printable(edition.week_line)
    )
    return idiom.words.say("edition.corrected", subject=subject) if edition.corrections else subject


def fixed_words(idiom: Idiom) -> dict[str, str]:
    """Every message without slots and plural forms, under its name with underscores for stops."""
    words = {key.replace(".", "_").replace("-", "_"): text for key, text in idiom.words.messages.items() if isinstance(text, str)}
    return {key: text for key, text in words.items() if "{" not in text}


def _description(sections: Iterable[SectionView]) -> str:
    text = " ".join(f"{section.title}: {section.status.word}. {section.glance}." for section in sections)
    return text if len(text) <= DESCRIPTION else text[: DESCRIPTION - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _section(section: EditionSection, edition: Edition, digest: Digest, idiom: Idiom, links: LinksView) -> SectionView:
    quiet = ""
    if not section.items and not section.omitted:
        quiet = idiom.words.say("section.no_items" if section.notes else "section.quiet")
    if section.elsewhere:
        quiet = printable(section.glance).rstrip(".") + "."
    return SectionView(
        anchor=anchor("s", section.id),
        title=printable(section.title),
        status=status_view(section.status, idiom),
        glance=printable(section.glance or section.status.reason).rstrip("."),
        items=tuple(_item(item, edition, digest, idiom, links) for item in section.items),
        notes=tuple(_note(note, idiom) for note in section.notes),
        history=_history(section, idiom, links),
        quiet=quiet,
        omitted=idiom.words.count("section.omitted", section.omitted) if section.omitted else "",
    )


def _history(section: EditionSection, idiom: Idiom, links: LinksView) -> HistoryView | None:
    counts = section.history
    if not counts:
        return None
    figures = ", ".join(number(count, idiom.language) for count in counts)
    label = idiom.words.count("history.label", len(counts), counts=figures)
    past = [
        idiom.words.count("history.ago", len(section.past) - at, word=idiom.words.say(f"verdict.{verdict.value}.word"))
        for at, verdict in enumerate(section.past)
        if verdict
    ]
    if past:
        label = f"{label}. {idiom.words.say('history.earlier', list=', '.join(reversed(past)))}"
    return HistoryView(
        picture=links.pictures and links.pictures + picture_name(section.id),
        width=WIDTH,
        height=HEIGHT,
        blocks=blocks(counts),
        arrows="".join(ARROWS[verdict] if verdict else " " for verdict in (*section.past, section.status.verdict))
        if past
        else "",
        label=label,
        now=idiom.words.count("history.this_week", counts[-1]),
    )


def _item(item: Item, edition: Edition, digest: Digest, idiom: Idiom, links: LinksView) -> ItemView:
    headline = printable(item.headline)
    name = anchor("i", item.id)
    return ItemView(
        anchor=name,
        headline=headline,
        lang=idiom.foreign(item.headline_language),
        headline_from=_headline_from(item, idiom),
        status=status_view(item.status, idiom),
        paragraphs=paragraph_views(item, idiom),
        stances=tuple(_stances(item, idiom)),
        one_sided=tuple(
            OneSidedView(
                idiom.words.say("onesided.state" if told.stance in STATE_SIDE else "onesided.others"),
                line_view(told.sentence, idiom),
            )
            for told in item.one_sided
        ),
        similar=tuple(_similar(story, idiom, links) for story in item.similar),
        why=idiom.words.say("why.matched", words=quoted_list(item.matched, idiom, MATCHED)) if item.matched else "",
        rules=idiom.words.count("why.rules", len(item.rules), rules=", ".join(item.rules)) if item.rules else "",
        feedback=feedback_link(edition, digest, headline),
        url=f"{links.permalink}#{name}" if links.permalink else "",
        marks=mark_links(edition, item.story, idiom.words),
    )


def _headline_from(item: Item, idiom: Idiom) -> str:
    """Whose headline it is: it is a quotation too."""
    known: list[Citation] = [*item.sources, *(citation for sentence in item.sentences for citation in sentence.citations)]
    names = [citation.source.name for citation in known if citation.article == item.headline_from]
    name = printable(names[0]) if names else ""
    if name and (foreign := idiom.foreign(item.headline_language)):
        name = f"{name}, {idiom.words.say('cite.in_language', language=language_name(foreign, idiom.language))}"
    told = idiom.words.say("headline.from", name=name) if name else ""
    return "; ".join(part for part in (told, translated(item.headline_translation, idiom)) if part)


def _stances(item: Item, idiom: Idiom) -> Iterable[StanceView]:
    folds = {fold.lead.article: fold for fold in item.copies}
    for stance in Stance:
        voices = tuple(
            _voice(source, folds.get(source.article), idiom) for source in item.sources if source.source.stance is stance
        )
        if voices:
            title = idiom.words.say(f"stance.{stance.value}")
            yield StanceView(stance.value, title[:1].upper() + title[1:], voices)


def _voice(source: Citation, fold: CopyFold | None, idiom: Idiom) -> VoiceView:
    if fold is None:
        return VoiceView(cite_view(source, idiom), "", ())
    told = [idiom.words.count("voices.copies", len(fold.others))] if fold.others else []
    if fold.others and fold.origin and fold.origin != source.source.name:
        told.append(idiom.words.say("voices.origin", name=printable(fold.origin)))
    copies = tuple(cite_view(other, idiom) for other in fold.others[:FOLDED])
    same = join_list([printable(one.source.name) or one.source.feed for one in fold.translations], idiom.language)
    same = idiom.words.say("voices.translations", names=same) if same else ""
    return VoiceView(cite_view(source, idiom), ", ".join(told), copies, same)


def _similar(story: SimilarStory, idiom: Idiom, links: LinksView) -> LinkView:
    """What we told ourselves is linked as the archive lies: beside this page, or under its address."""
    day = idiom.day_of(story.published)
    source = f"{printable(story.source)}, {long_date(day, idiom.language)}{_beside(story.language, story.translation, idiom)}"
    url = safe_url(story.url)
    if story.week and links.archive:
        url = f"{links.archive}{story.week}/{idiom.language}/index.html#{anchor('i', story.item)}"
    return LinkView(printable(story.title), idiom.foreign(story.language), url, source, day.isoformat())


def _beside(language: str, translation: Translation | None, idiom: Idiom) -> str:
    """What follows the source of a title in another language: that language, and a machine translation where there is one."""
    foreign = idiom.foreign(language)
    named = idiom.words.say("cite.in_language", language=language_name(foreign, idiom.language)) if foreign else ""
    told = translated(translation, idiom, "translation.short")
    return "".join(f", {part}" for part in (named, told) if part)


def _note(note: Note, idiom: Idiom) -> LinkView:
    stance = idiom.words.say(f"stance.{note.source.stance.value}.short")
    source = idiom.words.say("cite.source", name=printable(note.source.name), stance=stance, day=idiom.short(note.published))
    if note.more_sources:
        source = f"{source}, {idiom.words.count('notes.more', note.more_sources)}"
    source += _beside(note.language, note.translation, idiom)
    iso = idiom.day_of(note.published).isoformat()
    return LinkView(printable(note.title), idiom.foreign(note.language), safe_url(note.url), source, iso)


def _watch(edition: Edition, idiom: Idiom) -> Iterable[WatchView]:
    for watch in edition.watch:
        last = watch.sentence.day_end
        day = short_span(watch.day, last, idiom.language) if last and last > watch.day else short_date(watch.day, idiom.language)
        yield WatchView(day, watch.day.isoformat(), line_view(watch.sentence, idiom))
