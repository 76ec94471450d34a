"""Reads the `match` and `direction` blocks of a rule: conditions, scores, masks, vetoes, cues; the terms are read before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.model.feed import Stance
from monitor.model.match import Direction, Field
from monitor.rules.read_terms import References, read_term
from monitor.rules.reading import LANGUAGES, Path_, Reader, kind, nearest
from monitor.rules.schema import (
    ALL_FIELDS,
    AllCondition,
    AnyCondition,
    Condition,
    CueRule,
    Mask,
    NearCondition,
    ScoreItem,
    SourceCondition,
    Term,
    TermCondition,
    Veto,
)

SOURCES = {"source_country": "country", "source_stance": "stance", "source_language": "language", "source_feed": "feed"}
CONDITION_KINDS = ("term", "near", "any", "all", *SOURCES)
MODIFIERS = {"term": ("in",), "near": ("within", "order", "in")}
FIELD_NAMES = {"title": (Field.TITLE,), "lead": (Field.LEAD,), "body": (Field.LEAD, Field.TEXT)}
MATCH_KEYS = ("require", "score", "threshold", "mask", "veto")
MASK_KEYS = ("term", "terms", "why")
VETO_KEYS = ("terms", "in", "unless", "why")
DIRECTION_KEYS = ("window", "anchor", "improves", "worsens")
CUE_KEYS = ("score", "plover", "anchor")
DEFAULT_WITHIN = 10


@dataclass(slots=True)
class MatchReader:
    """Reads conditions against the terms of one rule; inline terms are added to them under names of their own."""

    reader: Reader
    terms: dict[str, Term]
    langs: tuple[str, ...]
    references: References
    used: set[str] = field(default_factory=set)

    def require(self, data: Mapping[str, Any]) -> tuple[Condition, ...]:
        """`match.require`: all of these must hold."""
        path: Path_ = ("match", "require")
        value = data.get("require")
        entries = value if isinstance(value, list) or value is None else [value]
        if entries is not None and not entries:
            self.reader.add(path, "E004", "require is empty", "name at least one term, or drop it")
        found = (
            self.condition(entry, (*path, index) if isinstance(value, list) else path)
            for index, entry in enumerate(entries or [])
        )
        return tuple(condition for condition in found if condition)

    def score(self, data: Mapping[str, Any]) -> tuple[ScoreItem, ...]:
        """`match.score`."""
        path: Path_ = ("match", "score")
        found = []
        for index, entry in enumerate(self.reader.sequence(data.get("score"), path)):
            here = (*path, index)
            condition = self.condition(entry, here, extra=("weight",))
            if condition and isinstance(entry, dict):
                self.reader.required(entry, here, ("weight",))
                found.append(ScoreItem(condition, self.reader.number(entry, here, "weight")))
            elif condition:
                self.reader.add(here, "E003", '"weight" is missing', f"write {{term: {entry}, weight: 1}}")
        return tuple(found)

    def masks(self, data: Mapping[str, Any]) -> tuple[Mask, ...]:
        """`match.mask`."""
        path: Path_ = ("match", "mask")
        found = []
        for index, entry in enumerate(self.reader.sequence(data.get("mask"), path)):
            here = (*path, index)
            block = self.reader.mapping(entry, here, MASK_KEYS)
            if not block:
                continue
            self.reader.required(block, here, ("why",))
            name = (
                self._inline(block, here, f"mask:{index}") if "terms" in block else self._term(block.get("term"), (*here, "term"))
            )
            if name:
                found.append(Mask(name, self.reader.text(block, here, "why")))
        return tuple(found)

    def vetoes(self, data: Mapping[str, Any], path: Path_ = ("match", "veto"), why: str = "") -> tuple[Veto, ...]:
        """`match.veto`, or that of a filter: its `why` is that of every veto which says none of its own."""
        found = []
        for index, entry in enumerate(self.reader.sequence(data.get("veto"), path)):
            veto = self._veto(entry, (*path, index), index, why)
            if veto:
                found.append(veto)
        return tuple(found)

    def _veto(self, entry: Any, path: Path_, index: int, why: str) -> Veto | None:
        block = self.reader.mapping(entry, path)
        if not block:
            return None
        if not why:
            self.reader.required(block, path, ("why",))
        rest = {key: value for key, value in block.items() if key not in ("why", "unless")}
        condition: Condition | None
        if "terms" in block:
            self.reader.mapping(block, path, VETO_KEYS)
            condition = TermCondition(self._inline(block, path, f"veto:{index}"), self._in(block, path))
        else:
            condition = self.condition(rest, path)
        unless = self.condition(block["unless"], (*path, "unless")) if "unless" in block else None
        return Veto(condition, self.reader.text(block, path, "why") or why, unless) if condition else None

    def direction(self, value: Any) -> tuple[int, tuple[CueRule, ...]]:
        """The `direction` block: the window in words, and the cues."""
        path: Path_ = ("direction",)
        data = self.reader.mapping(value, path, DIRECTION_KEYS)
        window = self.reader.whole(data, path, "window", DEFAULT_WITHIN, least=1)
        anchor = self._anchor(data, path)
        cues: list[CueRule] = []
        for key, side in (("improves", Direction.IMPROVES), ("worsens", Direction.WORSENS)):
            for index, entry in enumerate(self.reader.sequence(data.get(key), (*path, key))):
                cue = self._cue(entry, (*path, key, index), side, anchor)
                if cue:
                    cues.append(cue)
        return window, tuple(cues)

    def _cue(self, entry: Any, path: Path_, side: Direction, anchor: tuple[str, ...]) -> CueRule | None:
        condition = self.condition(entry, path, extra=CUE_KEYS)
        if not condition or not isinstance(entry, dict):
            if isinstance(entry, str):
                self.reader.add(path, "E003", '"score" is missing', f"write {{term: {entry}, score: 3}}")
            return None
        if not isinstance(condition, TermCondition | NearCondition):
            self.reader.add(path, "E004", "a cue is a term or a near", "write {term: …, score: …}")
            return None
        self.reader.required(entry, path, ("score",))
        score = self.reader.number(entry, path, "score")
        wrong = score <= 0 if side is Direction.IMPROVES else score >= 0
        if wrong and "score" in entry:
            sign = "above" if side is Direction.IMPROVES else "below"
            self.reader.add((*path, "score"), "E004", f"{side.value}: score must be {sign} 0, is {score:g}", f"write {-score:g}")
        own = self._anchor(entry, path) if "anchor" in entry else anchor
        return CueRule(condition, side, score, self.reader.text(entry, path, "plover"), own)

    def _anchor(self, data: Mapping[str, Any], path: Path_) -> tuple[str, ...]:
        names = self.reader.texts(data, path, "anchor")
        return tuple(name for name in names if self._term(name, (*path, "anchor")))

    def condition(self, value: Any, path: Path_, extra: Iterable[str] = ()) -> Condition | None:
        """One condition; None where it is wrong, which is noted."""
        if isinstance(value, str):
            name = self._term(value, path)
            return TermCondition(name) if name else None
        if not isinstance(value, dict):
            self.reader.add(
                path, "E004", f"a condition is a term or a mapping, is {kind(value)}", "write attache, or {near: [a, b]}"
            )
            return None
        kinds = [key for key in value if key in CONDITION_KINDS]
        allowed = (*CONDITION_KINDS, *extra, *(MODIFIERS.get(kinds[0], ()) if len(kinds) == 1 else ("in", "within", "order")))
        self.reader.mapping(value, path, allowed)
        if len(kinds) != 1:
            if not any(key not in allowed for key in value) or kinds:
                self.reader.add(
                    path, "E003", f"one of {', '.join(CONDITION_KINDS)} is wanted, found {len(kinds)}", "write one condition each"
                )
            return None
        return self._one_kind(kinds[0], value, path)

    def _one_kind(self, name: str, value: Mapping[str, Any], path: Path_) -> Condition | None:
        if name == "term":
            term = self._term(value["term"], (*path, "term"))
            return TermCondition(term, self._in(value, path)) if term else None
        if name == "near":
            return self._near(value, path)
        if name in SOURCES:
            return self._source(name, value, path)
        entries = self.reader.sequence(value[name], (*path, name))
        if not entries:
            self.reader.add((*path, name), "E004", f"{name} is empty", "name at least one condition")
        parts = tuple(
            part for index, entry in enumerate(entries) if (part := self.condition(entry, (*path, name, index))) is not None
        )
        return AnyCondition(parts) if name == "any" else AllCondition(parts)

    def _near(self, value: Mapping[str, Any], path: Path_) -> Condition | None:
        entries = self.reader.sequence(value["near"], (*path, "near"))
        if len(entries) < 2:
            self.reader.add((*path, "near"), "E004", "near wants two terms or more", "write near: [a, b]")
            return None
        operands = tuple(self._operand(entry, (*path, "near", index)) for index, entry in enumerate(entries))
        within = self.reader.whole(value, path, "within", DEFAULT_WITHIN)
        return (
            NearCondition(operands, within, self.reader.flag(value, path, "order"), self._in(value, path))
            if all(operands)
            else None
        )

    def _operand(self, value: Any, path: Path_) -> tuple[str, ...]:
        """A term, or any of several."""
        if isinstance(value, str):
            name = self._term(value, path)
            return (name,) if name else ()
        if isinstance(value, dict) and set(value) == {"any"}:
            entries = self.reader.sequence(value["any"], (*path, "any"))
            return tuple(name for index, entry in enumerate(entries) if (name := self._term(entry, (*path, "any", index))))
        self.reader.add(path, "E004", "near joins terms only", "write a term, or {any: [one, two]}")
        return ()

    def _source(self, name: str, value: Mapping[str, Any], path: Path_) -> Condition:
        found = frozenset(text.lower() for text in self.reader.texts(value, path, name))
        known = {"source_stance": [stance.value for stance in Stance], "source_language": LANGUAGES}.get(name)
        for text in sorted(found):
            wrong = text not in known if known else name == "source_country" and (len(text) != 2 or not text.isalpha())
            if wrong:
                mend = nearest(text, known) if known else "write the ISO 3166 alpha-2 code: by"
                code = "E009" if name == "source_language" else "E004"
                self.reader.add((*path, name), code, f'{name}: "{text}" is not known', mend)
        if not found:
            self.reader.add((*path, name), "E004", f"{name} is empty", "name at least one")
        return SourceCondition(SOURCES[name], found)

    def _in(self, value: Mapping[str, Any], path: Path_) -> frozenset[Field]:
        names = self.reader.texts(value, path, "in")
        for name in names:
            if name not in FIELD_NAMES:
                self.reader.add((*path, "in"), "E004", f'in: "{name}" is none of title, lead, body', nearest(name, FIELD_NAMES))
        return frozenset(part for name in names for part in FIELD_NAMES.get(name, ())) or ALL_FIELDS

    def _term(self, value: Any, path: Path_) -> str:
        """The name of a term of this rule; "" and E007 where there is none."""
        if isinstance(value, str) and value in self.terms:
            self.used.add(value)
            return value
        if not isinstance(value, str):
            self.reader.add(path, "E004", f"the name of a term is wanted, is {kind(value)}")
            return ""
        mend = nearest(value, self.terms) or "define it under terms:"
        if value.startswith("@"):
            mend = f'define a term under terms: with "{value}" in it, and name that'
        self.reader.add(path, "E007", f'no term "{value}"', mend)
        return ""

    def _inline(self, block: Mapping[str, Any], path: Path_, name: str) -> str:
        self.terms[name] = read_term(self.reader, name, block["terms"], (*path, "terms"), self.langs, self.references)
        self.used.add(name)
        if not self.terms[name].phrases and not self.reader.failed:
            self.reader.add((*path, "terms"), "E003", "terms are missing", "write terms: {en: [...]}")
        return name


def read_match(found: MatchReader, value: Any) -> dict[str, Any]:
    """The `match` block as keyword arguments of `Rule`."""
    path: Path_ = ("match",)
    data = found.reader.mapping(value, path, MATCH_KEYS)
    if not data.get("require") and not data.get("score"):
        found.reader.add(path, "E003", "neither require nor score", "say what an article must hold")
    result: dict[str, Any] = {
        "masks": found.masks(data),
        "vetoes": found.vetoes(data),
        "require": found.require(data),
        "score": found.score(data),
        "threshold": found.reader.number(data, path, "threshold"),
    }
    best = math.fsum(item.weight for item in result["score"] if item.weight > 0) * 1.5
    if not found.reader.failed and result["threshold"] > best:
        found.reader.add(
            (*path, "threshold"),
            "E010",
            f"threshold {result['threshold']:g} can never be reached: all scores together give {best:g}",
            f"write {best:g} at most, or add to score",
        )
    return result
