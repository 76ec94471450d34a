"""Fits a mail to the size that webmail shows whole: the lowest-ranked items go first, and are counted."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from dataclasses import replace

from monitor.digests.render.rendition import mail_page
from monitor.model.digest import Digest
from monitor.model.edition import Edition

BUDGET = 98_000
"""Bytes of the HTML part, decoded or encoded, whichever is more: Gmail clips a little above 102 kB."""


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
    """Bytes of an HTML part: the larger of its decoded and its encoded form, the encoding being the shorter of the two that mail has."""
    decoded = page.encode()
    encoded = min(len(quopri.encodestring(decoded)), len(base64.encodebytes(decoded)))
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
