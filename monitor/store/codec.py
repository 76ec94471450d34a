"""Dataclasses as JSON text and back, and times as sortable text. It knows no table.

Reading is lenient where the model grew: a key that is missing takes the field's default, a key that is unknown is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from monitor.model.errors import Invariant, StoreFailed
from monitor.store.engine import storable

Decoder = Callable[[Any], Any]


def time_text(moment: datetime) -> str:
    """UTC as fixed-width ISO 8601 (`2019-03-04T05:06:07.000000Z`): sorts as text in every engine.

    Raises:
        Invariant: `moment` is naive.
    """
    if moment.tzinfo is None:
        raise Invariant(f"a time without zone was to be stored: {moment!r}")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def optional_time_text(moment: datetime | None) -> str | None:
    """`time_text`, or None for None."""
    return None if moment is None else time_text(moment)


def text_time(text: str) -> datetime:
    """The aware UTC time that `time_text` wrote."""
    return datetime.fromisoformat(text)


def optional_text_time(text: str | None) -> datetime | None:
    """`text_time`, or None for None."""
    return None if text is None else text_time(text)


def dump(value: object) -> str:
    """A dataclass, or a tuple, mapping or scalar made of them, as JSON text."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def plain(value: object) -> Any:
    """`value` in terms of JSON: dataclasses and mappings as objects, enums by value, times and dates as text.

    Raises:
        Invariant: A type that has no JSON form here.
    """
    if type(value) is str:  # by far the most frequent
        return storable(value)
    match value:
        case None | bool() | int() | float():
            return value
        case tuple() | list():
            return [plain(member) for member in value]
        case Enum():
            return value.value
        case datetime():
            return time_text(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {plain(key): plain(member) for key, member in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _field_names(type(value))}
    raise Invariant(f"{type(value).__name__} cannot be stored as JSON")


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind))


def load(kind: Any, text: str) -> Any:
    """The value of type `kind` (`tuple[Match, ...]`, `FeedState`) that `dump` wrote as `text`.

    Raises:
        StoreFailed: The text is no such value: the database was changed from outside, or by another program.
    """
    try:
        return decoder(kind)(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreFailed(f"a stored {kind} cannot be read: {error}") from error


@cache
def decoder(kind: Any) -> Decoder:
    """The function that makes a `kind` of its `plain` form.

    Raises:
        Invariant: A type that has no JSON form here.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        inner = decoder(next(argument for argument in arguments if argument is not NoneType))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        member = decoder(arguments[0])
        return lambda value: tuple(member(part) for part in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, member = decoder(arguments[0]), decoder(arguments[1])
        return lambda value: {key(name): member(part) for name, part in value.items()}
    if isinstance(kind, type):
        return _plain_decoder(kind)
    raise Invariant(f"{kind} cannot be read from JSON")


def _plain_decoder(kind: type) -> Decoder:
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if issubclass(kind, Enum):
        return kind
    if kind is datetime:
        return text_time
    if kind is date:
        return date.fromisoformat
    if kind is float:
        return float
    if kind in (str, int, bool):
        return lambda value: value
    raise Invariant(f"{kind.__name__} cannot be read from JSON")


def field_decoders(kind: type) -> dict[str, Decoder]:
    """Field name → decoder, for every field of a dataclass."""
    hints = get_type_hints(kind)
    return {part.name: decoder(hints[part.name]) for part in fields(kind)}


def _dataclass_decoder(kind: type) -> Decoder:
    parts = field_decoders(kind)
    required = {part.name for part in fields(kind) if _is_required(part)}

    def decode(value: Mapping[str, Any]) -> Any:
        absent = required - value.keys()
        if absent:
            raise KeyError(f"{kind.__name__} lacks {', '.join(sorted(absent))}")
        return kind(**{name: part(value[name]) for name, part in parts.items() if name in value})

    return decode


def _is_required(part: Field[Any]) -> bool:
    return part.default is MISSING and part.default_factory is MISSING
