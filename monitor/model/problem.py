"""What is wrong in a file that people write, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`ERROR` refuses the whole set of files, `WARNING` fails a strict check, `INFO` never fails."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A point in a file. `line` and `column` count from 1; 0 where the file as a whole is meant."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: `code` is stable ("E007"), `mend` says what to type instead ("" if nobody can know)."""

    place: Place
    code: str
    message: str
    mend: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        mend = f" → {self.mend}" if self.mend else ""
        return f"{self.place}  {self.code} {self.severity.value}  {self.message}{mend}"
