"""The labels file beside the rules, and the marks of the store: read whole, written by adding lines; what a mark means is not decided here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from monitor.model.errors import WorldFailed, WrongUse
from monitor.rules.labels import FILE, Label, in_force, label_line, read_labels
from monitor.store.promises import ArticleQuery, Store


def labels_path(rules: Path, given: Path | None) -> Path:
    """Where the marks are: the file given, or `labels.jsonl` in the folder of rules."""
    return given or rules / FILE


def labels_of(file: Path) -> tuple[Label, ...]:
    """The last mark of each article and rule, withdrawn ones too; none where there is no file.

    Raises:
        WrongFiles: Lines that are no marks.
        WrongUse: The file cannot be read.
    """
    try:
        return read_labels(file.read_text(encoding="utf-8"), str(file))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{file}: {error}") from error


def labels_in_force(file: Path, store: Store | None = None) -> tuple[Label, ...]:
    """What counts: the marks of the store (readers' answers, the desk), and above them those of the labels file.

    Raises:
        WrongFiles: Lines that are no marks.
        WrongUse: The file cannot be read.
    """
    filed = labels_of(file)
    marks = store.marks() if store else ()
    stored = store.articles(ArticleQuery(ids=tuple({mark.article for mark in marks}))) if store and marks else ()
    return in_force(filed, marks, {item.article.id: item.article.url for item in stored})


def add_labels(file: Path, labels: Sequence[Label]) -> None:
    """Add lines at the end of the file; it is made if it is not there.

    Raises:
        WorldFailed: The file cannot be written; nothing was added, or not all of it.
    """
    try:
        before = file.read_bytes() if file.exists() else b""
        with file.open("a", encoding="utf-8") as stream:
            if before and not before.endswith(b"\n"):
                stream.write("\n")
            stream.writelines(f"{label_line(label)}\n" for label in labels)
    except OSError as error:
        raise WorldFailed(f"{file}: {error.strerror}; give another file with --labels") from error
