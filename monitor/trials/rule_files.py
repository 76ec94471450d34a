"""The files of one folder of rules, for who edits them from afar: named by their path inside it, never outside, written whole or not at all.

A name is only ever looked up among the files that are there, so that no name leads anywhere else. It knows no rule.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from monitor.model.errors import MonitorError, WorldFailed
from monitor.rules.lint_settings import LINT_FILE
from monitor.rules.load import NOT_RULES, RESERVED, filter_files, reference_files, rule_files
from monitor.rules.read_rule import ID

ENDING = ".yml"


class FileChanged(MonitorError):
    """The file is no longer as it was when it was opened: somebody else wrote it, or took it away (`now` is None then)."""

    def __init__(self, now: Kept | None) -> None:
        self.now = now
        super().__init__("the file was changed by somebody else in the meantime")


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule file as it lies there. `digest` is of its bytes; `changed_at` is aware UTC."""

    name: str
    text: str
    digest: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class RuleFolder:
    """A folder of rules."""

    folder: Path

    def files(self) -> Mapping[str, Path]:
        """Every rule file by its path inside the folder ("talks.yml", "east/talks.yml"), in order; no links, nothing behind one."""
        return self._own(rule_files(self.folder))

    def references(self) -> Mapping[str, Path]:
        """What rules refer to or are held to, likewise: names, lexicons, filters, and the desk's settings of lint."""
        lint = self.folder / LINT_FILE
        return self._own(chain(reference_files(self.folder), filter_files(self.folder), [lint] if lint.is_file() else []))

    def _own(self, files: Iterable[Path]) -> Mapping[str, Path]:
        root = self.folder.resolve()
        named = ((file.relative_to(self.folder), file) for file in files) if self.folder.is_dir() else ()
        return {name.as_posix(): file for name, file in named if file.resolve() == root / name}

    def read(self, name: str) -> Kept | None:
        """One file, a rule or what rules refer to; None where there is none of this name."""
        file = self.files().get(name) or self.references().get(name)
        if file is None:
            return None
        try:
            content, changed = file.read_bytes(), file.stat().st_mtime
        except FileNotFoundError:
            return None
        except OSError as error:
            raise WorldFailed(f"{name}: {error.strerror}") from error
        # what is not UTF-8 is shown all the same, and refused by the loader
        text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
        return Kept(name, text, digest_of(content), datetime.fromtimestamp(changed, UTC))

    def topics(self) -> tuple[str, ...]:
        """The folders below that hold rules, by name; "" stands for the folder itself and comes first."""
        return tuple(sorted({"", *(name.rpartition("/")[0] for name in self.files())}))

    def name_for(self, rule: str, topic: str = "") -> str | None:
        """What the file of a new rule would be called; None where the id cannot be one, is taken, or there is no such topic."""
        name = f"{topic}/{rule}{ENDING}" if topic else f"{rule}{ENDING}"
        taken = any(Path(known).stem == rule for known in self.files())
        return name if not taken and topic in self.topics() and self._free(name) else None

    def writable(self) -> bool:
        """Whether this process may write into the folder."""
        return self.folder.is_dir() and os.access(self.folder, os.W_OK | os.X_OK)

    def write(self, name: str, text: str, before: str) -> Kept:
        """Write a file in the place of the one with the digest `before`, "" for one that is not there yet.

        Under a temporary name, synced, renamed: who reads sees the old file or the new one, never half of it.

        Raises:
            FileChanged: What lies there is another version; nothing was written.
            WorldFailed: The file cannot be written; the old one is as it was.
        """
        self._expect(name, before)
        place = self.folder / name
        try:
            _replace(place, text.encode("utf-8"))
        except OSError as error:
            raise WorldFailed(f"{name}: {error.strerror}") from error
        kept = self.read(name)
        if kept is None:
            raise FileChanged(None)
        return kept

    def take_away(self, name: str, before: str) -> None:
        """Delete the rule file with the digest `before`; what rules refer to is edited here and never deleted.

        Raises:
            FileChanged: What lies there is another version; nothing was deleted.
            WorldFailed: It cannot be deleted.
        """
        self._expect(name, before)
        try:
            self.files()[name].unlink()
        except KeyError:
            raise FileChanged(None) from None
        except OSError as error:
            raise WorldFailed(f"{name}: {error.strerror}") from error

    def _expect(self, name: str, before: str) -> None:
        now = self.read(name)
        if (now.digest if now else "") != before:
            raise FileChanged(now)
        if now is None and not self._free(name):
            raise FileChanged(None)

    def _free(self, name: str) -> bool:
        """Whether a file that is not there may come to lie there: in the folder or a topic of it, under the name of a rule."""
        *parts, last = name.split("/")
        strange = any(not part or part.startswith(".") for part in parts) or (parts or [last])[0] in RESERVED or name in NOT_RULES
        if strange or not last.endswith(ENDING) or not ID.fullmatch(last.removesuffix(ENDING)):
            return False
        place = self.folder.joinpath(*parts)
        own = place.is_dir() and place.resolve() == self.folder.resolve().joinpath(*parts)
        return own and not os.path.lexists(place / last)


def digest_of(content: bytes) -> str:
    """What tells one version of a file from another: SHA-256 of its bytes, 32 hexadecimal digits of it."""
    return hashlib.sha256(content).hexdigest()[:32]


def _replace(file: Path, content: bytes) -> None:
    """As `file` was before, with its permissions, but for what it holds."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
            os.fchmod(stream.fileno(), file.stat().st_mode & 0o777 if file.exists() else 0o644)
        Path(temporary).replace(file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
