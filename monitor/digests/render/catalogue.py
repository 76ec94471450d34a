"""The words of the furniture in each language, from `catalogue/<language>.json`; a digest may bring its own beside its file.

A message is a text with {slots}, or a mapping from CLDR plural category to such a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from monitor.model.errors import WrongFiles, WrongUse
from monitor.model.problem import Place, Problem
from monitor.text.locale import number, plural

Message = str | Mapping[str, str]

SHIPPED = ("en", "be", "ru")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All messages of one language. Slots that a message does not name are ignored; those it names must be given."""

    language: str
    messages: Mapping[str, Message]

    def say(self, key: str, **slots: object) -> str:
        """The message `key` with its slots filled.

        Raises:
            KeyError: There is no such message, or a slot was not given: an error of the caller.
        """
        message = self.messages[key]
        return _fill(message if isinstance(message, str) else message["other"], slots)

    def count(self, key: str, n: int, **slots: object) -> str:
        """The plural form of `key` that goes with `n`; {n} is the number as the language writes it."""
        message = self.messages[key]
        forms = {"other": message} if isinstance(message, str) else message
        return _fill(plural(n, self.language, forms), {"n": number(n, self.language), **slots})


def _fill(text: str, slots: Mapping[str, object]) -> str:
    return _SLOT.sub(lambda found: str(slots[found[1]]), text)


def slots_of(message: Message) -> frozenset[str]:
    """The names of the slots in a message, over all its plural forms."""
    return frozenset(
        name for text in ([message] if isinstance(message, str) else message.values()) for name in _SLOT.findall(text)
    )


@lru_cache(maxsize=16)
def shipped(language: str) -> Mapping[str, Message]:
    """The messages that come with the program; empty for a language it does not ship."""
    if language not in SHIPPED:
        return {}
    text = files(__package__).joinpath("catalogue", f"{language}.json").read_text(encoding="utf-8")
    messages: dict[str, Message] = json.loads(text)
    return messages


def catalogue(language: str, folder: str = "") -> Catalogue:
    """The catalogue of `language`; `folder`/catalogue/<language>.json, where it exists, overrides single messages.

    A language that is not shipped takes what its own file lacks from English.

    Raises:
        WrongUse: The language is neither shipped nor brought by the digest.
        WrongFiles: The digest's file is no JSON, names a message or slot that does not exist, or has a value of another kind.
    """
    file = Path(folder, "catalogue", f"{language}.json") if folder else None
    if file is not None and file.is_file():
        return Catalogue(language, {**shipped("en"), **shipped(language), **_read(file)})
    if not shipped(language):
        where = f"; bring one as {file}" if file else ""
        raise WrongUse(f"no words for the language {language!r}: shipped are {', '.join(SHIPPED)}{where}")
    return Catalogue(language, shipped(language))


def _read(file: Path) -> dict[str, Message]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        place = Place(str(file), error.lineno, error.colno)
        raise WrongFiles((Problem(place, "T010", f"not JSON: {error.msg}"),)) from error
    if not isinstance(data, dict):
        raise WrongFiles((Problem(Place(str(file), 1, 1), "T010", "a catalogue is a mapping from message to text"),))
    problems = [problem for key, message in data.items() if (problem := _problem(file, key, message))]
    if problems:
        raise WrongFiles(problems)
    return data


def _problem(file: Path, key: str, message: object) -> Problem | None:
    place = Place(str(file))
    known = shipped("en").get(key)
    if known is None:
        return Problem(place, "T011", f"no such message: {key}", "see the shipped en.json for the names")
    texts = list(message.values()) if isinstance(message, dict) else [message]
    if not texts or not all(isinstance(text, str) for text in texts):
        return Problem(place, "T012", f"{key}: a text, or a mapping from plural category to text, is expected")
    if isinstance(message, dict) and "other" not in message and isinstance(known, str):
        return Problem(place, "T012", f"{key}: this message has no plural forms", "write one text")
    stray = {name for text in texts for name in _SLOT.findall(str(text))} - slots_of(known)
    if stray:
        return Problem(place, "T013", f"{key}: unknown slot {{{min(stray)}}}")
    return None
