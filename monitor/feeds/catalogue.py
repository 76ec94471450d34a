"""The catalogue of feeds: `seeds/*.yml` read and checked, every problem told with its place. It fetches nothing.

S001 file cannot be read     S005 wrong type      S009 address used twice (warning)   S013 interval
S002 key stands twice        S006 id              S010 stance or kind                 S014 no feeds at all (warning)
S003 unknown key             S007 id used twice   S011 country                        S015 `disabled` or `of_record`
S004 key missing             S008 address         S012 language
S017 key of another kind     S018 selector        S019 `pages`        S020 pattern     (by `catalogue_selectors`)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from monitor.feeds.catalogue_selectors import SELECTOR_KEYS, Sought, read_sought
from monitor.feeds.codes import COUNTRIES, COUNTRY_SLIPS, LANGUAGE_SLIPS, LANGUAGES
from monitor.feeds.schedule import MIN_INTERVAL
from monitor.model.errors import WrongFiles
from monitor.model.feed import Feed, FeedKind, Stance
from monitor.model.problem import Place, Problem, Severity
from monitor.text.located_yaml import LocatedFile, Path_, read_located
from monitor.text.urls import MAX_URL, is_http, normalise_url

KEYS = frozenset(
    {
        "id",
        "name",
        "url",
        "kind",
        "publisher",
        "country",
        "language",
        "stance",
        "home",
        "interval",
        "disabled",
        "seen",
        "note",
        "of_record",
        *SELECTOR_KEYS,
    }
)
_TEXTS = ("name", "publisher", "home", "seen", "note")
_ID = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_INTERVAL = re.compile(r"(\d{1,5})\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

Choice = TypeVar("Choice", bound=StrEnum)


def load_feeds(folder: Path) -> tuple[Feed, ...]:
    """Every feed of `folder/*.yml`, disabled ones included, by file name and place in the file.

    Raises:
        WrongFiles: At least one error; it carries all problems of all files.
    """
    feeds, problems = check_feeds(folder)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise WrongFiles(problems)
    return feeds


def check_feeds(folder: Path) -> tuple[tuple[Feed, ...], tuple[Problem, ...]]:
    """The feeds that can be read, and everything that is wrong, in order of place."""
    if not folder.is_dir():
        return (), (Problem(Place(folder.name), "S001", "there is no such folder", "make it, with one file per group of feeds"),)
    files = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
    catalogue = _Catalogue()
    for file in files:
        catalogue.add(file, f"{folder.name}/{file.name}")
    if not catalogue.feeds and not catalogue.problems:
        words = "holds no feeds"
        catalogue.problems.append(Problem(Place(folder.name), "S014", words, "see README.md there", Severity.WARNING))
    return tuple(catalogue.feeds), tuple(sorted(catalogue.problems, key=lambda problem: (problem.place, problem.code)))


@dataclass
class _Catalogue:
    """What was read so far, over all files: ids are unique among all of them."""

    feeds: list[Feed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ids: dict[str, Place] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def add(self, file: Path, shown_as: str) -> None:
        """Read one file; its stem is the group."""
        located, problems = read_located(file, shown_as=shown_as, code="S001", duplicate_code="S002")
        self.problems.extend(problems)
        if located is None:
            return
        listed = listed_feeds(located, self.problems)
        for index, raw in enumerate(listed):
            reader = _FeedReader(located, ("feeds", index), raw, self.problems)
            feed = reader.feed(file.stem)
            if feed:
                self._keep(feed, reader)

    def _keep(self, feed: Feed, reader: _FeedReader) -> None:
        first = self.ids.setdefault(feed.id, reader.place("id"))
        if first != reader.place("id"):
            reader.report("id", "S007", f'the id "{feed.id}" is used already, at {first}', "ids are unique over all files")
            return
        other = self.addresses.setdefault(normalise_url(feed.url), feed.id)
        if other != feed.id:
            reader.report("url", "S009", f'the feed "{other}" has this address too', "keep one of them", Severity.WARNING)
        self.feeds.append(feed)


def listed_feeds(located: LocatedFile, problems: list[Problem]) -> list[Any]:
    """The list under `feeds:`; problems of the frame around it are noted."""
    data = located.data
    if data is None:
        problems.append(located.problem((), "S014", "the file is empty", "begin with `feeds:`", Severity.WARNING))
        return []
    if not isinstance(data, dict) or "feeds" not in data:
        problems.append(located.problem((), "S004", "the file has no `feeds:`", "begin with `feeds:`, then a list"))
        return []
    problems.extend(located.unknown_keys((), data, frozenset({"feeds"}), "S003"))
    listed = data["feeds"]
    if listed is None:
        return []
    if not isinstance(listed, list):
        problems.append(located.problem(("feeds",), "S005", "`feeds:` is not a list", "begin each feed with `- id: …`"))
        return []
    return listed


class _FeedReader:
    """One feed of one file: reads its keys, reports what is wrong with each."""

    def __init__(self, located: LocatedFile, path: Path_, raw: Any, problems: list[Problem]) -> None:
        self._located = located
        self._path = path
        self._raw: Mapping[str, Any] = raw if isinstance(raw, dict) else {}
        self._is_map = isinstance(raw, dict)
        self._problems = problems
        self._errors = 0

    def place(self, key: str) -> Place:
        """Where the value of a key stands."""
        return self._located.place(*self._path, key)

    def report(self, key: str, code: str, message: str, mend: str = "", severity: Severity = Severity.ERROR) -> None:
        """Note a problem at the value of a key (at the feed, where the key is missing)."""
        self._errors += severity is Severity.ERROR
        self._problems.append(self._located.problem((*self._path, key), code, message, mend, severity))

    def feed(self, group: str) -> Feed | None:
        """The feed, or None where something is wrong with it."""
        if not self._is_map:
            self.report("", "S005", "a feed is a block of `key: value` lines", "begin it with `- id: …`")
            return None
        unknown = self._located.unknown_keys(self._path, self._raw, KEYS, "S003")
        self._problems.extend(unknown)
        self._errors += len(unknown)
        kind = self._choice("kind", FeedKind, FeedKind.FEED)
        sought = self._sought(kind)
        feed = Feed(
            id=self._id(),
            url=self._url(),
            name=self._text("name"),
            publisher=self._text("publisher"),
            country=self._code("country", COUNTRIES, COUNTRY_SLIPS, str.upper),
            language=self._code("language", LANGUAGES, LANGUAGE_SLIPS, str.lower),
            stance=self._choice("stance", Stance, Stance.INDEPENDENT),
            group=group,
            kind=kind,
            home=self._text("home"),
            interval=self._interval(),
            disabled=self._disabled(),
            seen=self._text("seen"),
            note=self._text("note"),
            of_record=self._flag("of_record"),
            selectors=sought.selectors,
            include=sought.include,
            exclude=sought.exclude,
        )
        return None if self._errors else replace(feed, name=feed.name or feed.id)

    def _sought(self, kind: FeedKind) -> Sought:
        sought, wrong = read_sought(self._raw, kind, asked=not self._raw.get("disabled"))
        for problem in wrong:
            self.report(*problem)
        return sought

    def _text(self, key: str) -> str:
        value = self._raw.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.report(
                key,
                "S005",
                f"`{key}` is not text",
                f'put it in quotes: {key}: "{value}"' if not isinstance(value, list | dict) else "",
            )
            return ""
        return value.strip()

    def _required(self, key: str, mend: str) -> str:
        value = self._raw.get(key)
        if value is None or value == "":
            self.report(key, "S004", f"`{key}` is missing", mend)
            return ""
        return self._text(key)

    def _id(self) -> str:
        value = self._required("id", "add `id:`, a short name that never changes, such as `belta-ru`")
        if value and not _ID.fullmatch(value):
            slug = re.sub(r"[^a-z0-9._-]+", "-", value.lower()).strip("-._")[:64]
            mend = f"for example: id: {slug}" if slug else "for example: id: belta-ru"
            self.report("id", "S006", f'"{value}" is no id: lower-case letters, digits, - . and _ only, at most 64', mend)
        return value

    def _url(self) -> str:
        value = self._required("url", "add `url:`, the address of the feed")
        problem = _wrong_url(value) if value else ("", "")
        if problem[0]:
            self.report("url", "S008", *problem)
        return value

    def _choice(self, key: str, kinds: type[Choice], default: Choice) -> Choice:
        value = self._raw.get(key)
        if value is None:
            return default
        known = [str(kind) for kind in kinds]
        if str(value) in known:
            return kinds(str(value))
        close = get_close_matches(str(value).lower().replace("_", "-").replace(" ", "-"), known, n=1)
        mend = f'did you mean "{close[0]}"?' if close else f"one of: {', '.join(known)}"
        self.report(key, "S010", f'"{value}" is no {key}', mend)
        return default

    def _code(self, key: str, codes: frozenset[str], slips: Mapping[str, str], fold: Callable[[str], str]) -> str:
        value = self._text(key)
        if not value or value in codes:
            return value
        folded = fold(value)
        close = [folded] if folded in codes else [slips[folded]] if folded in slips else _near(folded, codes)
        kind = "an ISO 3166-1 country code" if key == "country" else "an ISO 639-1 language code"
        mend = f"did you mean {' or '.join(close)}?" if close else "two letters, such as " + ("BY" if key == "country" else "be")
        self.report(key, "S011" if key == "country" else "S012", f'"{value}" is not {kind}', mend)
        return ""

    def _interval(self) -> timedelta:
        value = self._raw.get("interval")
        default = Feed("", "", "").interval
        if value is None:
            return default
        length = parse_interval(str(value))
        if length is None:
            number = str(value).strip()
            mend = f"did you mean {number}m?" if number.isdecimal() else "a number with m, h or d: 60m, 2h, 1d"
            self.report("interval", "S013", f'"{value}" is no interval', mend)
        elif length < MIN_INTERVAL:
            self.report("interval", "S013", f"{value} is too often", "15m is the least; an hour is polite")
        elif length > timedelta(days=31):
            self.report(
                "interval", "S013", f"{value} is longer than a month", "use `disabled:` for a feed that is not to be polled"
            )
        return length or default

    def _disabled(self) -> str:
        value = self._raw.get("disabled")
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.report(
                "disabled", "S015", "`disabled` holds no reason", 'write why: disabled: "no feed since 2024"; or remove the line'
            )
            return ""
        return value.strip()

    def _flag(self, key: str) -> bool:
        value = self._raw.get(key, False)
        if not isinstance(value, bool):
            self.report(key, "S015", f"`{key}` is neither true nor false", f"{key}: true")
            return False
        return value


def parse_interval(text: str) -> timedelta | None:
    """A text such as "60m", "2h", "1d" as a length of time; None for anything else."""
    found = _INTERVAL.fullmatch(text.strip().lower())
    return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))}) if found else None


def _wrong_url(value: str) -> tuple[str, str]:
    """What is wrong with an address, and the mend; two empty strings for a good one."""
    if len(value) > MAX_URL:
        return f"the address is longer than {MAX_URL} characters", ""
    if any(character.isspace() for character in value):
        return "the address holds white space", f"write spaces as %20: {'%20'.join(value.split())[:200]}"
    if not is_http(value):
        bare = value.partition("://")[2] or value.lstrip("/")
        guess = f"https://{bare}"
        return f'"{value[:200]}" is not an http or https address', f"did you mean {guess}?" if "." in bare and is_http(
            guess
        ) else ""
    if "@" in urlsplit(value).netloc:
        return "the address carries a user name", "feeds behind a password cannot be read"
    return "", ""


def _near(value: str, codes: Iterable[str]) -> list[str]:
    return sorted(get_close_matches(value[:2], sorted(codes), n=3, cutoff=0.5)) if len(value) <= 3 else []
