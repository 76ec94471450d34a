"""Words the box "How this edition was made": what was read, what failed, and how to read the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from monitor.digests.render.clean import printable
from monitor.digests.render.idiom import Idiom
from monitor.digests.render.view import FailedView, MadeView
from monitor.model.edition import Coverage, Edition, FailedSource
from monitor.model.feed import Stance
from monitor.text.locale import language_name, long_date, number, plural


def made_view(edition: Edition, idiom: Idiom) -> MadeView:
    """The coverage box of an edition."""
    coverage = edition.coverage
    failed = len(coverage.failed)
    return MadeView(
        figures=tuple(_figures(coverage, idiom)),
        notes=tuple(_notes(edition, idiom)),
        spreads=tuple(_spreads(coverage, idiom)),
        failed_heading=idiom.words.count("made.failed", failed) if failed else idiom.words.say("made.none_failed"),
        failed=tuple(_failed(source, idiom) for source in coverage.failed),
        convention=idiom.words.say("made.convention"),
    )


def _figures(coverage: Coverage, idiom: Idiom) -> Iterable[tuple[str, str]]:
    counted = {
        "made.feeds": coverage.feeds_polled,
        "made.articles": coverage.articles_read,
        "made.matched": coverage.articles_matched,
        "made.copies": coverage.copies_folded,
        "made.stories": coverage.stories,
    }
    for key, n in counted.items():
        forms = idiom.words.messages[key]
        assert not isinstance(forms, str), f"{key} has plural forms"
        yield number(n, idiom.language), plural(n, idiom.language, forms)


def _notes(edition: Edition, idiom: Idiom) -> Iterable[str]:
    window = edition.window
    key = "made.published" if window.by_publication else "made.seen"
    yield idiom.words.say(key, start=_moment(window.start, idiom), end=_moment(window.end, idiom))
    if window.weeks > 1:
        yield idiom.words.count("made.weeks", window.weeks)
    if edition.coverage.without_text:
        yield idiom.words.count("made.without_text", edition.coverage.without_text)
    yield from _aid_notes(edition, idiom)
    if edition.ruleset:
        yield idiom.words.say("made.ruleset", hash=printable(edition.ruleset)[:12]) + "."


def _aid_notes(edition: Edition, idiom: Idiom) -> Iterable[str]:
    """What a translator and a language model did, what of it was refused, and why the rest is missing."""
    for aid in edition.aids:
        key = f"made.{aid.kind.value}"
        if aid.done:
            yield idiom.words.count(key, aid.done, engine=printable(aid.engine))
        if aid.refused:
            yield idiom.words.count(f"{key}_refused", aid.refused)
        if aid.failure:
            yield idiom.words.say(f"{key}_failed", reason=printable(aid.failure).rstrip("."))


def _moment(moment: datetime, idiom: Idiom) -> str:
    at = moment.astimezone(UTC)
    return f"{long_date(at.date(), idiom.language)}, {at:%H:%M}"


def _spreads(coverage: Coverage, idiom: Idiom) -> Iterable[tuple[str, str]]:
    stances = {stance.value for stance in Stance}
    if coverage.by_language:
        names = {code: language_name(code, idiom.language) if code != "?" else code for code in coverage.by_language}
        yield idiom.words.say("made.by_language"), _spread(coverage.by_language, names, idiom)
    if coverage.by_stance:
        words = {name: idiom.words.say(f"stance.{name}") if name in stances else name for name in coverage.by_stance}
        yield idiom.words.say("made.by_stance"), _spread(coverage.by_stance, words, idiom)


def _spread(counts: Mapping[str, int], names: Mapping[str, str], idiom: Idiom) -> str:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{names[key]} {number(count, idiom.language)}" for key, count in ordered)


def _failed(source: FailedSource, idiom: Idiom) -> FailedView:
    since = idiom.words.say("made.since", day=idiom.short(source.since)) if source.since else ""
    return FailedView(printable(source.name) or source.feed, printable(source.reason), since)
