"""Takes typed values out of a located YAML file, noting everything that is missing or of the wrong kind; it knows no rule."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from monitor.model.problem import Place, Problem, Severity
from monitor.text.located_yaml import LocatedFile

Path_ = tuple[str | int, ...]

# ISO 639-1, all codes.
_ISO_639_1 = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki
kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no
nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te
tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
LANGUAGES = frozenset(_ISO_639_1.split())
_COUNTRY_FOR_LANGUAGE = {
    "by": "be",
    "ua": "uk",
    "cz": "cs",
    "jp": "ja",
    "cn": "zh",
    "dk": "da",
    "gr": "el",
    "gb": "en",
    "us": "en",
}


@dataclass(slots=True)
class Reader:
    """One file being read, and what was found wrong with it so far."""

    file: LocatedFile
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path_, code: str, message: str, mend: str = "", severity: Severity = Severity.ERROR) -> None:
        """Note a problem at the value at `path`."""
        self.problems.append(self.file.problem(path, code, message, mend, severity))

    def warn(self, path: Path_, code: str, message: str, mend: str = "") -> None:
        """Note a warning at the value at `path`."""
        self.add(path, code, message, mend, Severity.WARNING)

    def place(self, path: Path_) -> Place:
        """Where the value at `path` stands."""
        return self.file.place(*path)

    @property
    def failed(self) -> bool:
        """True once an error, not only a warning, was noted."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def mapping(self, value: Any, path: Path_, allowed: Iterable[str] | None = None) -> dict[str, Any]:
        """The value as a mapping, with unknown keys noted; empty where it is none."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.add(path, "E004", f"must be a mapping (key: value), is {kind(value)}")
            return {}
        if allowed is not None:
            self.problems.extend(self.file.unknown_keys(path, value, frozenset(allowed), "E002"))
        return value

    def sequence(self, value: Any, path: Path_) -> list[Any]:
        """The value as a list; empty where it is none."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.add(path, "E004", f"must be a list, is {kind(value)}", "write it as [one, two]")
            return []
        return value

    def required(self, data: Mapping[str, Any], path: Path_, keys: Iterable[str]) -> None:
        """Note each of `keys` that is absent or empty."""
        for key in keys:
            if data.get(key) is None or data.get(key) == "":
                self.add(path, "E003", f'"{key}" is missing', f"add {key}: …")

    def text(self, data: Mapping[str, Any], path: Path_, key: str) -> str:
        """A text, stripped; "" where absent."""
        value = data.get(key)
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        self.add((*path, key), "E004", f"{key} must be a text, is {kind(value)}", f'put it in quotes: "{value}"')
        return ""

    def texts(self, data: Mapping[str, Any], path: Path_, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone will do."""
        value = data.get(key)
        if isinstance(value, str):
            return (value.strip(),)
        found = []
        for index, entry in enumerate(self.sequence(value, (*path, key))):
            if isinstance(entry, str) and entry.strip():
                found.append(entry.strip())
            else:
                self.add((*path, key, index), "E004", f"must be a text, is {kind(entry)}", "put it in quotes")
        return tuple(found)

    def number(self, data: Mapping[str, Any], path: Path_, key: str, default: float = 0.0) -> float:
        """A finite number."""
        value = data.get(key)
        if value is None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
        self.add((*path, key), "E004", f"{key} must be a number, is {kind(value)}", "write 2 or 2.5, without quotes")
        return default

    def whole(self, data: Mapping[str, Any], path: Path_, key: str, default: int, least: int = 0) -> int:
        """A whole number of at least `least`."""
        value = data.get(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.add(
            (*path, key),
            "E004",
            f"{key} must be a whole number of at least {least}, is {value!r}",
            f"write {least} or more, without a point",
        )
        return default

    def flag(self, data: Mapping[str, Any], path: Path_, key: str) -> bool:
        """True or false; false where absent."""
        value = data.get(key, False)
        if isinstance(value, bool):
            return value
        self.add((*path, key), "E004", f"{key} must be true or false, is {kind(value)}", "write true or false, without quotes")
        return False

    def day(self, data: Mapping[str, Any], path: Path_, key: str) -> date | None:
        """A date written 2026-11-20."""
        value = data.get(key)
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.add((*path, key), "E004", f"{key} must be a date, is {value!r}", "write 2026-11-20")
            return None

    def choice(self, data: Mapping[str, Any], path: Path_, key: str, allowed: Iterable[str], default: str) -> str:
        """One of the allowed words."""
        value = data.get(key)
        if value is None:
            return default
        if value in (words := tuple(allowed)):
            return str(value)
        words = tuple(sorted(words))
        self.add((*path, key), "E004", f'{key}: "{value}" is none of {", ".join(words)}', nearest(str(value), words))
        return default

    def language(self, code: Any, path: Path_, *, key: bool = False, extra: Iterable[str] = ()) -> str:
        """A language code; "" and E009 where it is none. `key` tells that the code is the key that ends `path`."""
        if isinstance(code, str) and (code in LANGUAGES or code in extra):
            return code
        close = _COUNTRY_FOR_LANGUAGE.get(str(code).lower()) or (str(code).lower() if str(code).lower() in LANGUAGES else "")
        mend = f'did you mean "{close}"?' if close else "write a lower-case ISO 639-1 code: en, ru, be"
        place = self.file.key_place(*path) if key else self.file.place(*path)
        self.problems.append(Problem(place, "E009", f'"{code}" is no language code', mend))
        return ""


def kind(value: Any) -> str:
    """What a value is, in the words of people who write YAML."""
    if value is None:
        return "empty"
    for types, name in (
        (bool, "true/false"),
        ((int, float), "a number"),
        (str, "a text"),
        (list, "a list"),
        (dict, "a mapping"),
        (date, "a date"),
    ):
        if isinstance(value, types):
            return name
    return type(value).__name__


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint "did you mean …?", where something like the word is known; else nothing."""
    close = get_close_matches(word, sorted(known), n=1)
    return f'did you mean "{close[0]}"?' if close else ""
