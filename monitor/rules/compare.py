"""What changed between two versions of a rule, in the rule's own words; what it does to articles is told elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.rules.engine import label
from monitor.rules.schema import (
    ALL_FIELDS,
    AllCondition,
    AnyCondition,
    Condition,
    CueRule,
    NearCondition,
    Rule,
    RuleSet,
    SourceCondition,
    TermCondition,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: at `what` ("terms.port.ru", "threshold") these were taken away and these put in. "" stands for nothing."""

    what: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule in two versions; None where one of them lacks it. `matters`: what it finds, or which way it points, may differ."""

    rule: str
    old: Rule | None
    new: Rule | None
    changes: tuple[Change, ...]
    matters: bool

    @property
    def unversioned(self) -> bool:
        """True where what matters changed and the version did not."""
        return bool(self.matters and self.old and self.new and self.old.version == self.new.version)


def compare_rules(old: RuleSet, new: RuleSet) -> tuple[RuleChange, ...]:
    """Every rule that differs, by id; one whose words stand behind an @reference that changed is among them."""
    before, after = old.by_id, new.by_id
    found = []
    negators = old.negators != new.negators and _spoken(old) != _spoken(new)
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one and other:
            changes = tuple(_changes(one, other))
            if negators and (one.cues or other.cues):
                changes = (*changes, Change("negators", ("other words",), ("other words",)))
            if changes:
                matters = one.runs != other.runs or any(not change.what.startswith(_HEADER) for change in changes)
                found.append(RuleChange(name, one, other, changes, matters))
        else:
            found.append(RuleChange(name, one, other, (), matters=True))
    return tuple(found)


_HEADER = ("status", "owner", "title", "section", "priority", "max_items", "max_age_days", "digest", "tests", "version")


def _spoken(ruleset: RuleSet) -> set[tuple[str, str]]:
    terms = (ruleset.negators.term, ruleset.negators.exceptions)
    return {(term.name, repr(phrase.sequences)) for term in terms for phrases in term.phrases.values() for phrase in phrases}


def _changes(old: Rule, new: Rule) -> Iterator[Change]:
    yield from _terms(old, new)
    pairs = (
        ("scope.langs", old.langs, new.langs),
        ("match.require", _conditions(old.require), _conditions(new.require)),
        ("match.score", _scores(old), _scores(new)),
        ("match.threshold", (f"{old.threshold:g}",), (f"{new.threshold:g}",)),
        ("match.mask", _masks(old), _masks(new)),
        ("match.veto", _vetoes(old), _vetoes(new)),
        ("direction.window", (f"{old.window}",), (f"{new.window}",)),
        ("direction.cues", tuple(map(_cue, old.cues)), tuple(map(_cue, new.cues))),
        *_header(old, new),
        ("tests", tuple(map(_example, old.examples)), tuple(map(_example, new.examples))),
    )
    for what, before, after in pairs:
        yield from _differing(what, before, after)
    if old.voice.__class__ is new.voice.__class__ and _voice(old) != _voice(new):
        yield Change("digest", ("other headlines or assessments",), ("other headlines or assessments",))


def _differing(what: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    removed = tuple(text for text in old if text not in new)
    added = tuple(text for text in new if text not in old)
    if removed or added:
        yield Change(what, removed, added)


def _terms(old: Rule, new: Rule) -> Iterator[Change]:
    """Phrases added and removed, per term and language; one written alike whose @reference now means other words is told too."""
    for name in sorted(old.terms.keys() | new.terms.keys()):
        before, after = _phrases(old, name), _phrases(new, name)
        shown = f"terms.{name}" if ":" not in name else name.replace(":", " ")
        for language in sorted(before.keys() | after.keys()):
            one, other = before.get(language, {}), after.get(language, {})
            yield from _differing(f"{shown}.{language}", tuple(one), tuple(other))
            meaning = tuple(text for text in one.keys() & other.keys() if one[text] != other[text])
            if meaning:
                words = tuple(f"{text} (what it refers to changed)" for text in sorted(meaning))
                yield Change(f"{shown}.{language}", (), words)


def _phrases(rule: Rule, name: str) -> Mapping[str, Mapping[str, object]]:
    if name not in rule.terms:
        return {}
    return {
        language: {phrase.text: frozenset(phrase.sequences) for phrase in phrases}
        for language, phrases in rule.terms[name].phrases.items()
    }


def written(condition: Condition) -> str:
    """A condition in full, as comparisons name it: near(a, b) ≤12 in title."""
    match condition:
        case TermCondition(fields=fields):
            return label(condition) + _in(fields)
        case NearCondition(within=within, fields=fields):
            return f"{label(condition)} ≤{within}{_in(fields)}"
        case AnyCondition(parts=parts):
            return f"any({', '.join(map(written, parts))})"
        case AllCondition(parts=parts):
            return f"all({', '.join(map(written, parts))})"
        case SourceCondition():
            return label(condition)


def _in(fields: frozenset[object]) -> str:
    return "" if fields == ALL_FIELDS else f" in {', '.join(sorted(str(field) for field in fields))}"


def _conditions(conditions: Sequence[Condition]) -> tuple[str, ...]:
    return tuple(map(written, conditions))


def _scores(rule: Rule) -> tuple[str, ...]:
    return tuple(f"{written(item.condition)} × {item.weight:g}" for item in rule.score)


def _masks(rule: Rule) -> tuple[str, ...]:
    return tuple(f"{mask.term} ({mask.why})" for mask in rule.masks)


def _vetoes(rule: Rule) -> tuple[str, ...]:
    return tuple(
        f"{written(veto.condition)}{f' unless {written(veto.unless)}' if veto.unless else ''} ({veto.why})"
        for veto in rule.vetoes
    )


def _cue(cue: CueRule) -> str:
    anchor = f" near {'|'.join(cue.anchor)}" if cue.anchor else ""
    return f"{cue.side.value} {written(cue.condition)}{anchor} {cue.score:+g} {cue.plover}".rstrip()


def _example(example: object) -> str:
    kind, title = getattr(example, "kind", ""), getattr(example, "title", "")
    return f"{kind} “{title}”"


def _header(old: Rule, new: Rule) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    names = ("status", "owner", "title", "section", "priority", "max_items", "max_age_days")
    for name in names:
        before, after = (str(getattr(rule.header, name)) for rule in (old, new))
        yield name, (before,), (after,)


def _voice(rule: Rule) -> str:
    return repr(rule.voice).replace(f"version={rule.version}", "")
