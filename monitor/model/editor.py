"""Those who edit rules in the browser: that one is logged in, and each version of a rule file that one of them left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class EditorSession:
    """A login. `id` is a hash of what the browser keeps, so that who reads the database cannot use it; times are aware UTC."""

    id: str
    name: str
    made_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule file as somebody left it. `file` is its path inside the folder of rules; `content` None: it was taken away.

    `editor` is "" for a version that was found and not made at the desk; `id` is given by the store.
    """

    file: str
    at: datetime
    editor: str
    why: str
    content: str | None
    id: int = 0
