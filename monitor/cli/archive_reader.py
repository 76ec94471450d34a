"""The archive that a tuning verb was given: the database's, or a file in the shape of `monitor match`. It tries nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from monitor.bootstrap import open_database
from monitor.cli.jsonl import EPOCH, article_from, document_from, read_lines
from monitor.cli.shared import settings, until_end
from monitor.rules.labels import FILE, judged_by_article
from monitor.rules.marks import Judged, judged_article
from monitor.rules.trial import Filed
from monitor.trials.archive import Archive, archive_of
from monitor.trials.labels_file import labels_in_force


def open_archive(file: str | None, folder: Path, since: datetime | None, until: datetime | None = None) -> Archive:
    """The archive of the database, or of a file in the shape of `monitor match`, with the labels it brings, those that lie beside the rules, and
    the marks of the database.

    Raises:
        WrongUse: A line of the file is no article.
    """
    if file is None:
        store = until_end(open_database(settings()))
        labels = judged_by_article(labels_in_force(folder / FILE, store))
        return archive_of(store, labels, since, until)
    labels = judged_by_article(labels_in_force(folder / FILE))
    with click.open_file(file, encoding="utf-8") as stream:
        found = tuple(_filed(value, number, labels) for number, value in enumerate(read_lines(stream, file), start=1))
    kept = tuple(
        filed
        for filed in found
        if (since is None or filed.article.published >= since) and (until is None or filed.article.published < until)
    )
    return Archive(len(kept), kept, labels, since, until)


def _filed(value: dict[str, Any], number: int, labels: Mapping[str, Judged]) -> Filed:
    dated = value if value.get("published") else {**value, "published": value.get("date")}
    article = article_from(dated, number).article
    judged = judged_article(value)
    apart = labels.get(article.id) or labels.get(article.url)
    return Filed(article, document_from(value, number), judged.joined(apart) if apart else judged, article.published != EPOCH)
