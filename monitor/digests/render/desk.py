"""Words the notes that stand above an edition: corrections, each dated and with the way to what it replaced, and the desk's own note."""

from __future__ import annotations

from urllib.parse import urljoin

from monitor.digests.render.clean import printable
from monitor.digests.render.idiom import Idiom
from monitor.digests.render.view import DeskView
from monitor.model.edition import Correction, Edition
from monitor.text.locale import long_date


def desk_views(edition: Edition, idiom: Idiom, permalink: str) -> tuple[DeskView, ...]:
    """The notes of an edition, corrections first, the newest of them on top; () for most editions."""
    corrections = [_correction(one, edition, idiom, permalink) for one in reversed(edition.corrections)]
    note = _paragraphs(edition.note)
    return (*corrections, *([DeskView(idiom.words.say("desk.note"), note)] if note else []))


def folder_of_revision(language: str, revision: int) -> str:
    """The folder, beside those of the languages, where a revision that was replaced stays readable: "en-r1"."""
    return f"{language}-r{revision}"


def language_and_revision(folder: str) -> tuple[str, int]:
    """What `folder_of_revision` named, as (language, revision); revision 0 where a name has none: the newest is meant."""
    language, _, number = folder.rpartition("-r")
    return (language, int(number)) if language and number.isascii() and number.isdigit() and int(number) else (folder, 0)


def _correction(one: Correction, edition: Edition, idiom: Idiom, permalink: str) -> DeskView:
    heading = idiom.words.say("desk.corrected", day=long_date(idiom.day_of(one.at), edition.language))
    before = f"../{folder_of_revision(edition.language, one.revision - 1)}/index.html"
    return DeskView(heading, _paragraphs(one.text), urljoin(permalink, before), idiom.words.say("desk.before"))


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line for part in text.split("\n\n") if (line := printable(part)))
