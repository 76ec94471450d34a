"""Prints an edition in all its forms. Pure: the same edition and digest give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from monitor.digests.render import layout
from monitor.digests.render.arrange import arrange
from monitor.digests.render.atom import atom_entry
from monitor.digests.render.data import edition_json
from monitor.digests.render.inline import inline_styles
from monitor.digests.render.links import absolute_links, page_links
from monitor.digests.render.palette import DARK, LIGHT
from monitor.digests.render.typeset import bind
from monitor.digests.render.view import EditionView
from monitor.model.digest import Digest
from monitor.model.edition import Edition, Rendition
from monitor.text.templates import Templates, environment


def render_edition(edition: Edition, digest: Digest) -> Rendition:
    """Every form of an edition: page, text, Markdown, JSON, Atom entry, and the two parts of the mail.

    The mail is printed as the edition is: hand in what `fit_mail` gave to keep it within its size. `digest.folder`/templates may
    override any shipped template.

    Raises:
        WrongFiles: A template or catalogue of the digest is wrong; its problems have file and line.
        WrongUse: The edition's language has no words.
    """
    page = arrange(edition, digest, page_links(edition, digest))
    away = arrange(edition, digest, absolute_links(edition, digest, mail=False))
    mail = arrange(edition, digest, absolute_links(edition, digest, mail=True))
    return Rendition(
        language=edition.language,
        subject=page.subject,
        html=_print("page.html", page, digest),
        text=_print("edition.txt", away, digest),
        markdown=_print("edition.md", away, digest),
        json=json.dumps(edition_json(edition), ensure_ascii=False, indent=2) + "\n",
        atom_entry=atom_entry(edition, away, _print("feed.html", away, digest)),
        mail_html=inline_styles(_print("mail.html", mail, digest)),
        mail_text=_print("edition.txt", mail, digest),
    )


def mail_page(edition: Edition, digest: Digest) -> str:
    """The HTML part of the mail alone, as `render_edition` gives it: what fitting measures."""
    mail = arrange(edition, digest, absolute_links(edition, digest, mail=True))
    return inline_styles(_print("mail.html", mail, digest))


def templates_of(folder: str) -> Templates:
    """The templates of a digest: its own before the shipped ones."""
    own = (Path(folder) / "templates",) if folder else ()
    return environment((*own, files(__package__) / "templates"), filters=_FILTERS)


_templates = lru_cache(maxsize=16)(templates_of)

_FILTERS: dict[str, Callable[..., object]] = {
    "bind": bind,
    "fill": layout.fill,
    "spread": layout.spread,
    "md": layout.markdown,
    "md_url": layout.markdown_url,
}


def _print(name: str, view: EditionView, digest: Digest) -> str:
    return _templates(digest.folder).render(
        name,
        edition=view,
        words=view.words,
        links=view.links,
        light=LIGHT,
        dark=DARK,
        notes=layout.Footnotes(),
        rule=layout.rule,
    )
