"""Writes a published edition as files: the archive folder, servable by any web server. Decides nothing.

OUT/<digest>/<week>/<language>/{index.html, edition.json, edition.md, edition.txt, message.eml},
OUT/<digest>/<week>/stories-<section>.png and OUT/<digest>/feed.<language>.atom
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from monitor.digests.render.atom import atom_feed, feed_documents, feed_name
from monitor.digests.render.desk import folder_of_revision
from monitor.digests.render.picture import pictures_of
from monitor.model.digest import Digest
from monitor.model.edition import FrozenEdition, Rendition


def write_edition(out: Path, edition: FrozenEdition, messages: Mapping[str, bytes]) -> list[Path]:
    """Write every language of an edition; `messages` maps language to the bytes of a mail. Returns the folders."""
    folders = []
    for language, rendition in edition.renditions.items():
        folder = out / edition.digest / edition.week / language
        _write(folder, {**_pages(rendition), "message.eml": messages.get(language, b"")})
        folders.append(folder)
    for name, picture in pictures_of(edition.renditions).items():
        replace_file(out / edition.digest / edition.week / name, picture)
    return folders


def write_revision(out: Path, edition: FrozenEdition) -> list[Path]:
    """Write a revision that was corrected beside the one that took its place: `<language>-r<revision>`. Returns the folders."""
    folders = []
    for language, rendition in edition.renditions.items():
        folder = out / edition.digest / edition.week / folder_of_revision(language, edition.revision)
        _write(folder, _pages(rendition))
        folders.append(folder)
    return folders


def _pages(rendition: Rendition) -> dict[str, bytes]:
    return {
        "index.html": rendition.html.encode(),
        "edition.json": rendition.json.encode(),
        "edition.md": rendition.markdown.encode(),
        "edition.txt": rendition.text.encode(),
    }


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        replace_file(folder / name, content)


def write_feeds(out: Path, digest: Digest, editions: Sequence[FrozenEdition], base_url: str) -> list[Path]:
    """Write the Atom feed of each language over `editions`, newest first; older entries into archive documents."""
    written = []
    for language in digest.languages:
        entries = [(edition, edition.renditions[language].atom_entry) for edition in editions if language in edition.renditions]
        for document in feed_documents(len(entries)) if entries else ():
            path = out / digest.id / feed_name(language, document.number)
            held = entries[len(entries) - document.end : len(entries) - document.start]
            replace_file(path, atom_feed(digest, language, held, base_url, document).encode())
            written.append(path)
    return written


def replace_file(path: Path, content: bytes) -> None:
    """Write under a temporary name, sync, rename: a reader sees the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
