"""Takes web furniture out of extracted lines: repeated titles, breadcrumbs, dates, captions, boxes, and all that follows the article. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.articles.furniture import (
    fold_line,
    is_also_heading,
    is_call,
    is_counter,
    is_credit,
    is_more_heading,
    is_newsletter_heading,
    without_counts,
)
from monitor.articles.identity import fold_title
from monitor.articles.metadata import without_breadcrumb
from monitor.text.written_dates import is_date_line

PROSE = 80
"""Characters from which a line counts as a paragraph."""
_LONGEST_FURNITURE = 300
"""A longer line is no furniture, whatever it says: titles are cut at this length, and calls and credits are shorter."""
_CAPTION = 160
"""Longest line in a foreign script that is taken for a caption."""
_SENTENCE_END = re.compile(r"[.!?…:;][\"'»”’)\]]*$")
_CYRILLIC = re.compile(r"[Ѐ-ԯ]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")


def clean_lines(lines: Sequence[str], title: str, page: Sequence[str] = ()) -> tuple[str, ...]:
    """The article's own paragraphs, in order.

    Args:
        lines: What an extractor kept, a paragraph each.
        title: The article's title; its repetitions are dropped, and what stands before it as well.
        page: All lines of the page, which show what stood before the title where the extractor lost the title.
    """
    kept = [line for line in (" ".join(line.split()) for line in lines) if line]
    kept = _after_title(kept, title)
    above = _above_title(page, fold_title(title))
    while kept and kept[0] in above and not is_prose(kept[0]):
        del kept[0]
    kept = _before_calls(_before_tail(kept))
    folded_title = fold_title(title)
    kept = [line for line in kept if not _is_furniture(line, folded_title)]
    return tuple(_without_foreign_captions(kept))


def is_prose(line: str) -> bool:
    """True for a paragraph: long enough, or a shorter sentence that ends as one."""
    return len(line) >= PROSE or (len(line.split()) >= 6 and bool(_SENTENCE_END.search(line)))


def _after_title(lines: list[str], title: str) -> list[str]:
    """Without what stands before the last repetition of the title among the first lines: navigation, breadcrumbs, a page clock."""
    folded = fold_title(title)
    if not folded:
        return lines
    start = 0
    for index, line in enumerate(lines):
        if len(line) <= _LONGEST_FURNITURE and fold_title(without_breadcrumb(line)) == folded:
            start = index + 1
        elif len(line) >= PROSE and is_prose(line):
            break
    head = [line for line in lines[:start] if is_prose(line) and len(line) >= PROSE and fold_title(line) != folded]
    return head + lines[start:]


def _above_title(page: Sequence[str], folded_title: str) -> frozenset[str]:
    """The lines of the page before the title's first appearance in a line of its own."""
    place = next(
        (
            at
            for at, line in enumerate(page)
            if folded_title and _may_say(line, folded_title) and fold_title(line) == folded_title
        ),
        0,
    )
    return frozenset(page[:place])


def _may_say(line: str, folded: str) -> bool:
    """Whether a line can fold to `folded`: folding takes marks and double spaces away, hardly more than half of the line."""
    return len(folded) <= 2 * len(line) + 8 and len(line) <= 2 * len(folded) + 40


def _before_tail(lines: list[str]) -> list[str]:
    """Without what follows the article: similar articles (whole ones too), comments, the subscription box at its end."""
    prose = 0
    for index, line in enumerate(lines):
        if prose and (is_more_heading(line) or is_also_heading(line)):
            return lines[:index]
        if prose and is_newsletter_heading(line):
            rest = sum(len(other) for other in lines[index + 1 :])
            if 2 * rest <= prose:
                return lines[:index]
        if is_prose(line):
            prose += len(line)
    return lines


def _before_calls(lines: list[str]) -> list[str]:
    """Without what follows the last paragraph from a call to share or subscribe on: the names of networks are no text."""
    end = next((at for at in range(len(lines), 0, -1) if is_prose(lines[at - 1]) and not is_call(lines[at - 1])), len(lines))
    return lines[: next((at for at in range(end, len(lines)) if is_call(lines[at])), len(lines))]


def _is_furniture(line: str, folded_title: str) -> bool:
    if len(line) > _LONGEST_FURNITURE:
        return False
    folded = fold_line(line)
    if not any(character.isalpha() for character in folded):
        return True
    if folded == folded_title or fold_line(without_breadcrumb(line)) == folded_title:
        return True
    uncounted = without_counts(line)
    return (
        is_date_line(line)
        or (uncounted != line and is_date_line(uncounted))
        or is_call(line)
        or is_credit(line)
        or is_counter(line)
        or is_more_heading(line)
    )


def _without_foreign_captions(lines: list[str]) -> list[str]:
    """Without short lines in the script that the article is not written in, unless they are sentences (a quotation may be)."""
    text = "\n".join(lines)
    if text.isascii():
        return lines
    cyrillic, latin = _count(_CYRILLIC, text), _count(_LATIN, text)
    foreign, own = (_LATIN, _CYRILLIC) if cyrillic > latin else (_CYRILLIC, _LATIN)
    if 3 * min(cyrillic, latin) > cyrillic + latin:
        return lines
    return [line for line in lines if not _is_foreign_caption(line, foreign, own)]


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))


def _is_foreign_caption(line: str, foreign: re.Pattern[str], own: re.Pattern[str]) -> bool:
    return (
        len(line) <= _CAPTION
        and not line.startswith("- ")
        and _count(foreign, line) > 4 * _count(own, line)
        and not _SENTENCE_END.search(line)
    )
