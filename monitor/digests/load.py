"""Reads `digests/<id>/digest.yml` and tells every problem with its place. Problem codes: D001 to D013."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from monitor.model.digest import CatchUp, Digest, Review, Schedule, Section
from monitor.model.errors import WrongFiles
from monitor.model.problem import Place, Problem, Severity
from monitor.text.located_yaml import LocatedFile, Path_, read_located

KEYS = frozenset(
    ("id", "title", "promise", "languages", "schedule", "sections", "review", "status_threshold", "feedback"),
)
SCHEDULE_KEYS = frozenset(("weekday", "time", "zone", "catch_up"))
SECTION_KEYS = frozenset(("id", "title", "rules", "max_items", "max_notes"))
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
TAKEN = frozenset(("c", "desk", "healthz", "hooks", "mark", "metrics", "p", "readyz", "search", "sources", "static", "u"))
"""Ids that no digest can have: its pages would stand where the site has others."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_UNTIL = re.compile(r"until\s+(\d{1,4})\s*(m|h|d)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
MOST_WAIT = timedelta(days=6)
"""The next edition of a week must not fall due before this one went out."""
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def load_digests(folder: Path) -> tuple[Digest, ...]:
    """All digests below `folder`, by id; names of rules are not checked.

    Raises:
        WrongFiles: With every error in every file.
    """
    digests, problems = check_digests(folder, None)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise WrongFiles(errors)
    return digests


def check_digests(folder: Path, rule_ids: Collection[str] | None) -> tuple[tuple[Digest, ...], tuple[Problem, ...]]:
    """Those digests that could be read, by id, and everything that is wrong.

    Args:
        folder: Holds one folder for each digest, with its `digest.yml`.
        rule_ids: The rules there are; None leaves their names unchecked.
    """
    digests: dict[str, Digest] = {}
    problems: list[Problem] = []
    files = sorted(folder.glob("*/digest.yml"))
    if not files:
        problems.append(Problem(Place(str(folder)), "D002", "holds no digest", "write <name>/digest.yml"))
    for file in files:
        located, found = read_located(file, code="D001", duplicate_code="D005")
        problems += found
        if located is None:
            continue
        reader = _Reader(located, rule_ids)
        digest = reader.digest(file.parent)
        if digest and digest.id in digests:
            reader.wrong(
                ("id",), "D011", f'the digest "{digest.id}" stands twice', f"the other is in {digests[digest.id].folder}"
            )
        elif digest:
            digests[digest.id] = digest
        problems += reader.problems
    return tuple(digests[key] for key in sorted(digests)), tuple(sorted(problems, key=lambda problem: problem.place))


class _Reader:
    """Reads one file, noting problems instead of stopping at the first."""

    def __init__(self, located: LocatedFile, rule_ids: Collection[str] | None) -> None:
        self.located = located
        self.rule_ids = rule_ids
        self.problems: list[Problem] = []

    def wrong(self, path: Path_, code: str, message: str, mend: str = "") -> None:
        """Note an error at the value at `path`."""
        self.problems.append(self.located.problem(path, code, message, mend))

    def digest(self, folder: Path) -> Digest | None:
        """The digest; None where anything is wrong with it."""
        data = self.located.data
        if not isinstance(data, dict):
            self.wrong((), "D006", "is not a mapping of keys", 'begin with "id: …"')
            return None
        self._unknown((), data, KEYS)
        for key in ("id", "title", "languages", "schedule", "sections"):
            if key not in data:
                self.wrong((), "D004", f'"{key}" is missing', f"add {key}: …")
        languages = self._languages(data)
        digest = Digest(
            id=self._id(data, (), folder.name),
            title=self._texts(data, ("title",), languages, needed=True),
            languages=languages,
            schedule=self._schedule(data.get("schedule")),
            sections=self._sections(data.get("sections"), languages),
            **self._review(data),
            promise=self._texts(data, ("promise",), languages, needed=False),
            status_threshold=self._positive(data),
            folder=str(folder),
            feedback=self._feedback(data),
            ask_relevance=data.get("feedback") is True,
        )
        return None if self.problems else digest

    def _unknown(self, path: Path_, data: Mapping[str, Any], allowed: frozenset[str]) -> None:
        self.problems += self.located.unknown_keys(path, data, allowed, "D003")

    def _id(self, data: Mapping[str, Any], path: Path_, folder: str = "") -> str:
        value = data.get("id", "")
        if "id" in data and not (isinstance(value, str) and _ID.fullmatch(value)):
            self.wrong(
                (*path, "id"), "D006", f'"{value}" cannot be an id', "small Latin letters, digits and hyphens: security-weekly"
            )
        elif value in TAKEN:
            self.wrong(
                (*path, "id"), "D006", f'"{value}" is an address of the site itself', "another id, such as security-weekly"
            )
        elif folder and value and value != folder:
            self.wrong((*path, "id"), "D011", f'the id "{value}" is not the name of its folder, "{folder}"', "make them the same")
        return str(value)

    def _languages(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        value = data.get("languages", [])
        if not isinstance(value, list) or ("languages" in data and not value):
            self.wrong(("languages",), "D006", "is not a list of languages", "languages: [en, be, ru]")
            return ()
        for index, code in enumerate(value):
            if not (isinstance(code, str) and _LANGUAGE.fullmatch(code)):
                self.wrong(
                    ("languages", index), "D006", f'"{code}" is not a language code', "ISO 639-1 in small letters: en, be, ru"
                )
            elif code in value[:index]:
                self.wrong(("languages", index), "D006", f'"{code}" stands twice', "keep one of them")
        return tuple(str(code) for code in value)

    def _texts(self, data: Mapping[str, Any], path: Path_, languages: tuple[str, ...], *, needed: bool) -> dict[str, str]:
        """A text for each language."""
        value = data.get(str(path[-1]))
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(text, str) and text.strip() for text in value.values()):
            self.wrong(
                path,
                "D006",
                "is not a text for each language",
                f"{path[-1]}: {{{', '.join(f'{code}: …' for code in languages)}}}",
            )
            return {}
        missing = [code for code in languages if code not in value]
        if missing and (needed or value):
            self.wrong(path, "D012", f"has no text in {', '.join(missing)}", f"add {missing[0]}: …")
        return {code: " ".join(text.split()) for code, text in value.items()}

    def _choice(self, data: Mapping[str, Any], path: Path_, choices: list[str], default: str) -> str:
        value = data.get(str(path[-1]), default)
        if isinstance(value, str) and value in choices:
            return value
        near = get_close_matches(str(value), choices, n=1)
        self.wrong(path, "D006", f'"{value}" is not one of {", ".join(choices)}', f'did you mean "{near[0]}"?' if near else "")
        return default

    def _review(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """`review`, and for `until 2h` the wait with it."""
        value = data.get("review", "")
        found = _UNTIL.fullmatch(value) if isinstance(value, str) else None
        if found:
            wait = int(found[1]) * _UNITS[found[2]]
            if timedelta() < wait <= MOST_WAIT:
                return {"review": Review.UNTIL, "review_for": wait}
            words = f'"{value}" is no time in which an edition can be read'
            self.wrong(("review",), "D013", words, f"from 1m to {MOST_WAIT.days}d: until 2h")
            return {}
        if isinstance(value, str) and value.startswith("until"):
            self.wrong(("review",), "D013", f'"{value}" does not say how long', "until 90m, until 2h or until 1d")
            return {}
        return {"review": Review(self._choice(data, ("review",), ["none", "required"], "none"))}

    def _positive(self, data: Mapping[str, Any]) -> float:
        value = data.get("status_threshold", 2.0)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return float(value)
        self.wrong(("status_threshold",), "D006", f'"{value}" is not a number above 0', "status_threshold: 2.0")
        return 2.0

    def _feedback(self, data: Mapping[str, Any]) -> str:
        value = data.get("feedback", "")
        if isinstance(value, bool):
            return ""
        if isinstance(value, str) and (not value or value.startswith(("https://", "mailto:"))):
            return value
        self.wrong(
            ("feedback",),
            "D006",
            f'"{value}" is no address for remarks',
            "https://…, mailto:…, or true to ask under each story whether it is relevant",
        )
        return ""

    def _schedule(self, value: Any) -> Schedule:
        default = Schedule(weekday=0, at=time(8), zone="UTC")
        if value is None:
            return default
        if not isinstance(value, dict):
            self.wrong(
                ("schedule",), "D006", "is not a schedule", 'schedule: {weekday: monday, time: "08:00", zone: Europe/Minsk}'
            )
            return default
        self._unknown(("schedule",), value, SCHEDULE_KEYS)
        for key in ("weekday", "time", "zone"):
            if key not in value:
                self.wrong(("schedule",), "D004", f'"{key}" is missing', f"add {key}: …")
        weekday = self._choice(value, ("schedule", "weekday"), list(WEEKDAYS), "monday")
        policy = self._choice(value, ("schedule", "catch_up"), [one.value for one in CatchUp], CatchUp.LATEST.value)
        return Schedule(WEEKDAYS.index(weekday), self._time(value), self._zone(value), CatchUp(policy))

    def _time(self, value: Mapping[str, Any]) -> time:
        written = value.get("time", "08:00")
        found = _TIME.fullmatch(written) if isinstance(written, str) else None
        if found:
            return time(int(found[1]), int(found[2]))
        self.wrong(("schedule", "time"), "D008", f'"{written}" is not a time of day', 'time: "08:00", from 00:00 to 23:59')
        return time(8)

    def _zone(self, value: Mapping[str, Any]) -> str:
        written = value.get("zone", "UTC")
        zones = available_timezones()
        if isinstance(written, str) and written in zones:
            return written
        near = get_close_matches(str(written), sorted(zones), n=1)
        mend = f'did you mean "{near[0]}"?' if near else "an IANA name such as Europe/Minsk"
        self.wrong(("schedule", "zone"), "D009", f'"{written}" is not a time zone', mend)
        return "UTC"

    def _sections(self, value: Any, languages: tuple[str, ...]) -> tuple[Section, ...]:
        if value is None:
            return ()
        if not isinstance(value, list) or not value:
            self.wrong(("sections",), "D006", "is not a list of sections", "sections:\n  - {id: …, title: …, rules: […]}")
            return ()
        sections: list[Section] = []
        for index, data in enumerate(value):
            path = ("sections", index)
            if not isinstance(data, dict):
                self.wrong(path, "D006", "is not a section", "- {id: …, title: …, rules: […]}")
                continue
            section = self._section(data, path, languages)
            if section.id and any(section.id == other.id for other in sections):
                self.wrong((*path, "id"), "D011", f'the section "{section.id}" stands twice', "give it a name of its own")
            sections.append(section)
        return tuple(sections)

    def _section(self, data: Mapping[str, Any], path: Path_, languages: tuple[str, ...]) -> Section:
        self._unknown(path, data, SECTION_KEYS)
        for key in ("id", "title", "rules"):
            if key not in data:
                self.wrong(path, "D004", f'"{key}" is missing', f"add {key}: …")
        return Section(
            id=self._id(data, path),
            title=self._texts(data, (*path, "title"), languages, needed=True),
            rules=self._rules(data.get("rules"), (*path, "rules")),
            max_items=self._count(data, (*path, "max_items"), 3, least=1),
            max_notes=self._count(data, (*path, "max_notes"), 5, least=0),
        )

    def _rules(self, value: Any, path: Path_) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(rule, str) for rule in value):
            self.wrong(path, "D006", "is not a list of rule ids", "rules: [first-rule, second-rule]")
            return ()
        for index, rule in enumerate(value):
            if self.rule_ids is not None and rule not in self.rule_ids:
                near = get_close_matches(rule, sorted(self.rule_ids), n=1)
                mend = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(sorted(self.rule_ids)) or 'none'}"
                self.wrong((*path, index), "D010", f'no rule is called "{rule}"', mend)
            elif rule in value[:index]:
                self.wrong((*path, index), "D010", f'the rule "{rule}" stands twice', "keep one of them")
        return tuple(value)

    def _count(self, data: Mapping[str, Any], path: Path_, default: int, *, least: int) -> int:
        value = data.get(str(path[-1]), default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= 50:
            return value
        self.wrong(path, "D006", f'"{value}" is not a whole number from {least} to 50', f"{path[-1]}: {default}")
        return default
