"""Which of an analyst's texts has its turn: one that no edition has printed yet, else the one printed longest ago. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.digests.earlier_items import EarlierItem
from monitor.text.sentences import split_sentences

SLOT = re.compile(r"\{(\w+)\}")


def by_turn(texts: Sequence[str], language: str, earlier: Sequence[EarlierItem]) -> tuple[str, ...]:
    """The texts in the order of their turns; those of equal standing in the order in which they are written.

    Args:
        texts: One language's, with their slots.
        language: ISO 639-1.
        earlier: What earlier editions printed. A text counts as printed where one of its sentences was, whatever filled its slots.
    """
    if len(texts) < 2:
        return tuple(texts)
    return tuple(sorted(texts, key=lambda text: _last_printed(text, language, earlier)))


def _last_printed(text: str, language: str, earlier: Sequence[EarlierItem]) -> str:
    """The week ("2019-W10") of the last edition that printed it; "" where none did."""
    shapes = [_shape(span.text) for span in split_sentences(" ".join(text.split()), language)]
    return max((one.week for one in earlier if any(shape.fullmatch(said) for shape in shapes for said in one.own)), default="")


def _shape(sentence: str) -> re.Pattern[str]:
    return re.compile(".+?".join(re.escape(part) for part in SLOT.split(sentence)[::2]))
