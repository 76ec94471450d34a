"""The recorded weeks that ship with the package: invented outlets and what they wrote, read from `corpus/`.

It reads files only; `monitor.demo.site` serves them. Outlets and wording are ours; the facts they report are on record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from monitor.demo.weeks import WEEKS
from monitor.model.errors import WrongFiles
from monitor.model.feed import Stance
from monitor.model.match import Direction
from monitor.model.problem import Problem
from monitor.text.located_yaml import LocatedFile, read_located

FOLDER = Path(__file__).parent / "corpus"
SEEDS = FOLDER / "seeds"
"""A folder of seed files, as `monitor.feeds.catalogue` reads them: the demo's feeds."""


class Syndication(StrEnum):
    """How an outlet announces its pages."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"
    RDF = "rdf"
    SITEMAP = "sitemap"
    PAGE = "page"
    """By no feed at all: a page lists them."""


class Trouble(StrEnum):
    """What is wrong with an outlet's feed address, as met in the wild."""

    NONE = "none"
    MOVED = "moved"
    """301 from the catalogue's address to the true one."""
    BUSY_ONCE = "busy-once"
    """429 with Retry-After to the first request."""
    SERVER_ERROR = "server-error"
    GONE = "gone"
    CHALLENGE = "challenge"
    """A challenge page in place of XML, with status 200."""
    REFUSED = "refused"
    """Nothing listens at the port."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented source. `charset` is how its bytes are encoded, `header_charset` what its Content-Type claims ("" is silence)."""

    id: str
    name: str
    host: str
    country: str
    language: str
    stance: Stance
    layout: str
    feed_path: str
    syndication: Syndication = Syndication.RSS
    full_text: bool = False
    validators: tuple[str, ...] = ("etag",)
    charset: str = "utf-8"
    header_charset: str = "utf-8"
    trouble: Trouble = Trouble.NONE
    moved_to: str = ""
    zone: str = "Europe/Minsk"

    @property
    def feed_url(self) -> str:
        """The address that the catalogue polls."""
        return f"http://{self.host}{self.feed_path}"


@dataclass(frozen=True, slots=True)
class Page:
    """One article as its outlet published it, with what a reader should find in it.

    `expect` are the ids of the shipped rules that should hold, `also_ok` those that may, `event` names the happening that several pages tell, `copy_of`
    the page that it reprints, `similar` an unrelated page whose whole text stands below this one, `note` why it is in the set.
    """

    id: str
    week: str
    outlet: Outlet
    path: str
    title: str
    published: datetime
    language: str
    paragraphs: tuple[str, ...]
    author: str = ""
    caption: str = ""
    copy_of: str = ""
    similar: str = ""
    expect: frozenset[str] = frozenset()
    also_ok: frozenset[str] = frozenset()
    direction: Direction = Direction.NEUTRAL
    event: str = ""
    note: str = ""

    @property
    def url(self) -> str:
        """The address at the outlet's site."""
        return f"http://{self.outlet.host}{self.path}"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Outlets in the order of their file, pages by time of publication."""

    outlets: tuple[Outlet, ...]
    pages: tuple[Page, ...]
    by_id: Mapping[str, Page] = field(default_factory=dict)

    def of(self, outlet: Outlet, before: datetime) -> tuple[Page, ...]:
        """The pages that `outlet` has published by `before`, newest first."""
        return tuple(page for page in reversed(self.pages) if page.outlet.id == outlet.id and page.published <= before)


def load_corpus(folder: Path = FOLDER) -> Corpus:
    """Read outlets and all weeks.

    Raises:
        WrongFiles: A file is broken, or a page names an unknown outlet, page or field; all problems at once.
    """
    outlet_file = _read(folder / "outlets.yml")
    outlets = {row["id"]: _outlet(row) for row in outlet_file.data["outlets"]}
    pages: dict[str, Page] = {}
    problems: list[Problem] = []
    for week in WEEKS:
        located = _read(folder / f"{week}.yml")
        for index, row in enumerate(located.data["pages"]):
            try:
                page = _page(row, week, outlets, pages)
            except (KeyError, ValueError, IndexError, TypeError) as error:
                problems.append(located.problem(("pages", index), "D001", f"{row.get('id', 'a page')}: {error!r}"))
                continue
            if page.id in pages:
                problems.append(located.problem(("pages", index), "D002", f"the id {page.id} stands twice"))
            pages[page.id] = page
    if problems:
        raise WrongFiles(problems)
    ordered = tuple(sorted(pages.values(), key=lambda page: (page.published, page.id)))
    return Corpus(tuple(outlets.values()), ordered, pages)


def _read(file: Path) -> LocatedFile:
    located, problems = read_located(file, shown_as=f"demo corpus {file.name}")
    if located is None:
        raise WrongFiles(problems)
    return located


def _outlet(row: Mapping[str, Any]) -> Outlet:
    kinds = {"stance": Stance, "syndication": Syndication, "trouble": Trouble, "validators": tuple}
    return Outlet(**{key: kinds[key](value) if key in kinds else value for key, value in row.items()})


def _page(row: Mapping[str, Any], week: str, outlets: Mapping[str, Outlet], pages: Mapping[str, Page]) -> Page:
    outlet = outlets[row["outlet"]]
    known = {"id", "outlet", "path", "title", "published", "language", "text", "reprint", "expect", "also_ok", "direction"}
    plain = {"author", "caption", "similar", "event", "note"}
    if strange := set(row) - known - plain:
        raise ValueError(f"unknown fields {sorted(strange)}")
    reprint: Mapping[str, Any] = row.get("reprint", {})
    original = pages[reprint["of"]] if reprint else None
    return Page(
        id=row["id"],
        week=week,
        outlet=outlet,
        path=row["path"],
        title=row["title"],
        published=datetime.fromisoformat(row["published"]),
        language=row.get("language", original.language if original else outlet.language),
        paragraphs=_reprinted(original, reprint) if original else paragraphs_of(row["text"]),
        copy_of=original.id if original else "",
        expect=frozenset(row.get("expect", original.expect if original else ())),
        also_ok=frozenset(row.get("also_ok", original.also_ok if original else ())),
        direction=Direction(row.get("direction", original.direction if original else "neutral")),
        **{key: row.get(key, original.event if original and key == "event" else "") for key in plain},
    )


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Paragraphs of a block of text: an empty line parts them, a line break within one is a space."""
    return tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip())


def _reprinted(original: Page, reprint: Mapping[str, Any]) -> tuple[str, ...]:
    """The original's paragraphs as another site carried them: some cut (`keep`, from 1), words changed, a lead or a tail added."""
    kept = [original.paragraphs[number - 1] for number in reprint.get("keep", range(1, len(original.paragraphs) + 1))]
    for old, new in reprint.get("replace", {}).items():
        if not any(old in paragraph for paragraph in kept):
            raise ValueError(f"«{old}» is not in the kept paragraphs of {original.id}")
        kept = [paragraph.replace(old, new) for paragraph in kept]
    return (*paragraphs_of(reprint.get("lead", "")), *kept, *paragraphs_of(reprint.get("tail", "")))
