"""Fits a mail to the size that webmail shows whole: the lowest-ranked items go first, and are counted."""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable
from dataclasses import replace

from monitor.digests.render.rendition import mail_page
from monitor.model.digest import Digest
from monitor.model.edition import Edition

BUDGET = 98_000
"""Bytes of the HTML part, decoded or encoded, whichever is more: Gmail clips a little above 102 kB."""


FILLED = 200
"""Bytes that a reader's own address may have, its token and the site's address together."""
_PLACE = re.compile(r"\{\{[A-Z_]+\}\}")


def fit_mail(edition: Edition, digest: Digest, budget: int = BUDGET) -> Edition:
    """The edition with as few items dropped as bring its mail within `budget`; itself where it fits.

    Lowest score first, the later one among equals; `omitted` counts them, in the edition and in each section. Where no item is
    left and it is still too large, notes and watch dates go too.

    Raises:
        WrongFiles, WrongUse: As `render_edition`.
    """

    def fits(candidate: Edition) -> bool:
        return mail_size(mail_page(candidate, digest)) <= budget

    if fits(edition):
        return edition
    count = sum(len(section.items) for section in edition.sections)
    dropped = _fewest(1, count, lambda n: fits(without_lowest(edition, n)))
    fitted = without_lowest(edition, dropped)
    if dropped < count or fits(fitted):
        return fitted
    return replace(fitted, watch=(), sections=tuple(replace(section, notes=()) for section in fitted.sections))


def mail_size(page: str) -> int:
    """Bytes of an HTML part as it goes over the wire: the larger of its decoded and its encoded form, each with CRLF.

    The encoding is the shorter of the two that mail has; a place that is filled for each reader counts as the long address it becomes.
    """
    decoded = _PLACE.sub("x" * FILLED, page).replace("\r\n", "\n").replace("\n", "\r\n").encode()
    # base64 has a line of 76 for each 57 bytes; what quoted-printable breaks off ends in LF here, and in CRLF on the wire
    quoted = quopri.encodestring(decoded)
    encoded = min(len(quoted) + quoted.count(b"=\n"), -(-len(decoded) // 57) * 78)
    return max(len(decoded), encoded)


def without_lowest(edition: Edition, count: int) -> Edition:
    """The edition without its `count` lowest-ranked items, which its sections and itself then count as omitted."""
    ranked = [
        (item.score, -section_number, -item_number)
        for section_number, section in enumerate(edition.sections)
        for item_number, item in enumerate(section.items)
    ]
    dropped = {(-section, -item) for _, section, item in sorted(ranked)[:count]}
    sections = tuple(
        replace(
            section,
            items=tuple(item for at, item in enumerate(section.items) if (number, at) not in dropped),
            omitted=section.omitted + sum(1 for at in range(len(section.items)) if (number, at) in dropped),
        )
        for number, section in enumerate(edition.sections)
    )
    return replace(edition, sections=sections, omitted=edition.omitted + len(dropped))


def _fewest(low: int, high: int, enough: Callable[[int], bool]) -> int:
    """The smallest number in `low`..`high` that is enough, `high` where none is: size falls with every item dropped."""
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return high
