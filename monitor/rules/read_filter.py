"""Reads filters: exceptions for many rules, chosen by id or tag. Each becomes vetoes of those rules; it evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from monitor.model.problem import Place
from monitor.rules.read_examples import EXAMPLE_KEYS, read_example
from monitor.rules.read_match import MatchReader
from monitor.rules.read_rule import read_id, read_schema, read_terms, spellings, stem
from monitor.rules.read_terms import References
from monitor.rules.reading import Path_, Reader, kind, nearest
from monitor.rules.schema import (
    AllCondition,
    AnyCondition,
    Condition,
    Example,
    NearCondition,
    Rule,
    SourceCondition,
    Term,
    TermCondition,
    Veto,
    content_hash,
)
from monitor.text.located_yaml import LocatedFile

FILTER_KEYS = ("schema", "id", "title", "owner", "why", "rules", "tags", "terms", "veto", "tests")
FILTER_TESTS = {"should_drop": "should_not_match", "should_keep": "should_match"}


@dataclass(frozen=True, slots=True)
class Known:
    """What a filter may name: the rules that could be read, the ids of all, and whether some could not."""

    rules: Sequence[Rule]
    ids: Mapping[str, Place]
    complete: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """An exception: its vetoes with terms of their own, the ids of the rules that it holds for, and tests by rule."""

    id: str
    hash: str
    targets: frozenset[str]
    terms: Mapping[str, Term]
    vetoes: tuple[Veto, ...]
    examples: tuple[tuple[str, Example], ...]

    def applied(self, rule: Rule) -> Rule:
        """The rule with this exception, after its own ones; as it was where the filter is not meant for it."""
        if rule.id not in self.targets:
            return rule
        because = f"veto:{len(rule.vetoes)}" if len(self.vetoes) == 1 else ""
        examples = tuple(
            replace(example, because=because if example.kind == "should_not_match" else "")
            for name, example in self.examples
            if name == rule.id
        )
        return replace(
            rule,
            terms={**rule.terms, **self.terms},
            vetoes=(*rule.vetoes, *self.vetoes),
            examples=(*rule.examples, *examples),
            hash=content_hash([rule.hash, self.hash]),
        )


def read_filter(file: LocatedFile, known: Known, references: References) -> tuple[Filter | None, Reader]:
    """Read `filters/<id>.yml`; None where it is wrong, all problems are in the reader."""
    reader = Reader(file)
    if not isinstance(file.data, dict):
        reader.add((), "E004", f"a filter file is a mapping, this one is {kind(file.data)}", "begin with schema: 1")
        return None, reader
    data: dict[str, Any] = file.data
    if not read_schema(reader, data):
        return None, reader
    reader.mapping(data, (), FILTER_KEYS)
    reader.required(data, (), ("id", "why", "veto"))
    name, why = read_id(reader, data, stem(file.file)), reader.text(data, (), "why")
    targets = _targets(reader, data, known)
    langs = tuple(dict.fromkeys(code for rule in known.rules if rule.id in targets for code in rule.langs))
    terms = read_terms(reader, data.get("terms"), langs, references)
    match = MatchReader(reader, terms, langs, references)
    vetoes = match.vetoes(data, ("veto",), why)
    for term in terms.keys() - match.used:
        reader.warn(("terms", term), "W104", f'the term "{term}" is not used', "use it in veto, or drop it")
    examples = _examples(reader, data.get("tests"), targets, terms)
    if reader.failed:
        return None, reader
    own = f"filter:{name}:"
    found = tuple(
        Veto(_renamed(veto.condition, own), f"filter {name}: {veto.why}", _renamed(veto.unless, own) if veto.unless else None)
        for veto in vetoes
    )
    filed = {own + term: replace(entry, name=own + term) for term, entry in terms.items()}
    digest = content_hash([name, data.get("terms"), data.get("veto"), spellings(terms)])
    return Filter(name, digest, targets, filed, found, examples), reader


def _targets(reader: Reader, data: Mapping[str, Any], known: Known) -> frozenset[str]:
    """The ids that `rules` and `tags` choose; * and ? in them stand for any letters, or one. E015 where one chooses nothing."""
    if not data.get("rules") and not data.get("tags"):
        reader.add((), "E003", "neither rules nor tags", 'say which rules it is for: rules: ["nato-*"], or tags: [country.by]')
    found = set(_chosen(reader, data, "rules", {name: (name,) for name in known.ids}))
    by_tag: dict[str, list[str]] = {}
    for rule in known.rules:
        for tag in rule.header.tags:
            by_tag.setdefault(tag, []).append(rule.id)
    found.update(_chosen(reader, data, "tags", by_tag, sure=known.complete))
    return frozenset(found)


def _chosen(
    reader: Reader, data: Mapping[str, Any], key: str, ids: Mapping[str, Iterable[str]], *, sure: bool = True
) -> Iterable[str]:
    for index, wanted in enumerate(reader.texts(data, (), key)):
        hit = [name for name in ids if fnmatchcase(name, wanted)]
        if not hit and sure:
            path: Path_ = (key, index) if isinstance(data.get(key), list) else (key,)
            word = "rule" if key == "rules" else "rule with the tag"
            mend = nearest(wanted, ids) or f"{key}: {', '.join(sorted(ids))}"
            reader.add(path, "E015", f'{key}: no {word} "{wanted}"', mend)
        for name in hit:
            yield from ids[name]


def _examples(reader: Reader, value: Any, targets: frozenset[str], terms: Mapping[str, Term]) -> tuple[tuple[str, Example], ...]:
    """The tests, each of one rule that the filter is for: what it must drop there, and what it must keep."""
    path: Path_ = ("tests",)
    data = reader.mapping(value, path)
    reader.problems.extend(reader.file.unknown_keys(path, data, frozenset(FILTER_TESTS), "E014"))
    if missing := [key for key in FILTER_TESTS if not data.get(key)]:
        reader.warn(path, "W109", f"no test under {' and '.join(missing)}", "say what it must drop, and what it must keep")
    found = []
    for key, meant in FILTER_TESTS.items():
        for index, entry in enumerate(reader.sequence(data.get(key), (*path, key))):
            here = (*path, key, index)
            rule = reader.text(entry, here, "rule") if isinstance(entry, dict) else ""
            if isinstance(entry, dict) and rule not in targets:
                mend = nearest(rule, targets) or f"rules: {', '.join(sorted(targets))}"
                reader.add(here, "E014", f'rule: "{rule}" is none that this filter is for', mend)
            if example := read_example(reader, entry, here, terms, (*EXAMPLE_KEYS, "rule")):
                found.append((rule, replace(example, kind=meant)))
    return tuple(found)


def _renamed(condition: Condition, own: str) -> Condition:
    """A condition whose terms have names that no rule can have."""
    match condition:
        case TermCondition(term=term):
            return replace(condition, term=own + term)
        case NearCondition(operands=operands):
            return replace(condition, operands=tuple(tuple(own + name for name in operand) for operand in operands))
        case AnyCondition(parts=parts) | AllCondition(parts=parts):
            return replace(condition, parts=tuple(_renamed(part, own) for part in parts))
        case SourceCondition():
            return condition
