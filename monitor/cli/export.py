"""`monitor export`: the archive as a folder of files."""

from __future__ import annotations

from pathlib import Path

import click

from monitor import bootstrap, search_index
from monitor.cli.screen import advance, counted, json_line, progress, say
from monitor.cli.shared import as_json, settings, store
from monitor.web.app import site_templates
from monitor.web.export import export_files, export_site
from monitor.web.pages import Pages


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--base-url", default=None, help="Where the folder will stand; default MONITOR_BASE_URL, '' for nowhere in particular"
)
@as_json
def export(folder: Path, base_url: str | None, as_json: bool) -> None:
    """Write the whole archive as files that any web server can show: pages, feeds, pictures, a search in the browser.

    Done again it brings the folder up to date. No file holds a token or a reader's address.
    """
    here = settings()
    box = store(here)
    search_index.index_missing(box, search_index.missing_editions(box))
    base = (here.base_url if base_url is None else base_url).rstrip("/")
    pages = Pages(box, bootstrap.load_files(here), site_templates(), base, bootstrap.clock_of(here)())
    with progress("files", sum(1 for _ in export_files(pages))) as bar:
        report = export_site(pages, folder, lambda name: advance(bar, name[-40:]))
    if as_json:
        json_line({"folder": str(folder), "written": report.written, "unchanged": report.unchanged, "removed": report.removed})
    else:
        say(f"{counted(report.written, 'file')} written, {report.unchanged} as they were, {report.removed} removed: {folder}")
