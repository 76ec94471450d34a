"""What outside helpers lend an edition, a translator and a language model, and what was thrown out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AidKind(StrEnum):
    """Which helper."""

    TRANSLATION = "translation"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Translation:
    """A machine's rendering of a text, in the edition's language; it stands beside the original, never instead of it."""

    text: str
    engine: str


@dataclass(frozen=True, slots=True)
class WritingTask:
    """What a language model is asked: `instructions` are ours, `material` holds the fenced sentences as data."""

    instructions: str
    material: str


@dataclass(frozen=True, slots=True)
class Phrasing:
    """Whose words a sentence has that a language model phrased: the model, and the ids of the sentences that bear it out."""

    writer: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """What a language model wrote and no edition prints, with the reason. `text` is cut where it is very long."""

    text: str
    cites: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Aid:
    """What a helper did for one edition: texts taken, texts refused, and why it went without the rest ("" where it did not)."""

    kind: AidKind
    engine: str
    done: int = 0
    refused: int = 0
    failure: str = ""
