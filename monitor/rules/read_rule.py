"""Reads one rule file into a `Rule`; what concerns several files (ids, references between rules) is for `load.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.model.digest import RuleVoice
from monitor.rules.read_examples import read_examples
from monitor.rules.read_match import MatchReader, read_match
from monitor.rules.read_terms import References, read_term
from monitor.rules.reading import Path_, Reader, kind
from monitor.rules.schema import (
    ANY_LANGUAGE,
    SCHEMA,
    AllCondition,
    AnyCondition,
    Condition,
    Header,
    Life,
    NearCondition,
    Rule,
    Term,
    TermCondition,
    content_hash,
)
from monitor.rules.voice import read_digest
from monitor.text.located_yaml import LocatedFile

ID = re.compile(r"[a-z0-9][a-z0-9-]*")
TERM_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
SCOPE_KEYS = ("langs", "max_age_days")
RULE_KEYS = (
    *("schema", "id", "version", "title", "status", "owner", "created", "modified", "tags", "references", "description"),
    *("known_noise", "replaces", "related", "scope", "terms", "match", "direction", "digest", "tests"),
)
_LIVES = tuple(life.value for life in Life)
_DECIDE = ("terms", "match", "direction")


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule as far as it could be read (None where that would mislead), and the terms that something names."""

    rule: Rule | None
    used: frozenset[str]


def read_schema(reader: Reader, data: Mapping[str, Any]) -> bool:
    """Whether the file is of a format that this program knows; an older or missing one is noted."""
    version = reader.whole(data, (), "schema", SCHEMA, least=1)
    if "schema" not in data:
        reader.add((), "E003", '"schema" is missing', f"add schema: {SCHEMA}")
    if version > SCHEMA:
        reader.add(
            ("schema",), "E016", f"schema {version} is newer than this program, which reads {SCHEMA}", "update the program"
        )
    return version <= SCHEMA


def read_id(reader: Reader, data: Mapping[str, Any], expected: str = "") -> str:
    """The id of a file or entry; E006 where it is not the file's name."""
    found = reader.text(data, (), "id")
    if found and not ID.fullmatch(found):
        reader.add(("id",), "E004", f'id "{found}" must be a–z, 0–9 and -', "write it as my-rule")
    elif found and expected and found != expected:
        reader.add(
            ("id",), "E006", f'id "{found}" is not the file name "{expected}"', f"name the file {found}.yml, or change the id"
        )
    return found


def stem(file: str) -> str:
    """The name of a file without its folders and its ending."""
    return file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]


def read_rule(file: LocatedFile, references: References) -> tuple[ReadRule, Reader]:
    """Read one rule; all problems are in the reader."""
    reader = Reader(file)
    if not isinstance(file.data, dict):
        reader.add((), "E004", f"a rule file is a mapping, this one is {kind(file.data)}", "begin with schema: 1")
        return ReadRule(None, frozenset()), reader
    data: dict[str, Any] = file.data
    if not read_schema(reader, data):
        return ReadRule(None, frozenset()), reader
    reader.mapping(data, (), RULE_KEYS)
    reader.required(data, (), ("id", "version", "title", "terms", "match"))
    langs, max_age = _scope(reader, data)
    terms = read_terms(reader, data.get("terms"), langs, references)
    found = MatchReader(reader, terms, langs, references)
    match = read_match(found, data.get("match"))
    window, cues = found.direction(data.get("direction"))
    _empty_requires(reader, match["require"], terms, langs)
    name = read_id(reader, data, stem(file.file))
    version = reader.whole(data, (), "version", 1, least=1)
    bare = RuleVoice(name, reader.text(data, (), "title"), version)
    printing, voice = read_digest(reader, data.get("digest"), bare)
    header = _header(reader, data, {**printing, "max_age_days": max_age})
    rule = Rule(
        id=name,
        version=version,
        header=header,
        place=reader.place(("id",)),
        hash=content_hash([name, version, header.status, langs, *(data.get(key) for key in _DECIDE), spellings(terms)]),
        langs=langs,
        terms=terms,
        window=window,
        cues=cues,
        voice=voice,
        examples=read_examples(reader, data.get("tests"), terms),
        **match,
    )
    return ReadRule(None if reader.failed else rule, frozenset(found.used)), reader


def _header(reader: Reader, data: Mapping[str, Any], more: Mapping[str, Any]) -> Header:
    return Header(
        title=reader.text(data, (), "title"),
        status=Life(reader.choice(data, (), "status", _LIVES, Life.ACTIVE.value)),
        owner=reader.text(data, (), "owner"),
        created=reader.day(data, (), "created"),
        modified=reader.day(data, (), "modified"),
        tags=reader.texts(data, (), "tags"),
        references=reader.texts(data, (), "references"),
        description=reader.text(data, (), "description"),
        known_noise=reader.texts(data, (), "known_noise"),
        replaces=reader.texts(data, (), "replaces"),
        related=reader.texts(data, (), "related"),
        **more,
    )


def _scope(reader: Reader, data: Mapping[str, Any]) -> tuple[tuple[str, ...], int | None]:
    """The languages a rule reads (those of its terms where it names none), and how old an article may be."""
    path: Path_ = ("scope",)
    scope = reader.mapping(data.get("scope"), path, SCOPE_KEYS)
    named = [
        code
        for index, entry in enumerate(reader.sequence(scope.get("langs"), (*path, "langs")))
        if (code := reader.language(entry, (*path, "langs", index)))
    ]
    blocks = data.get("terms")
    if not named and isinstance(blocks, dict):
        named = [str(key) for block in blocks.values() if isinstance(block, dict) for key in block if key != ANY_LANGUAGE]
        if not named:
            reader.add(path, "E003", "no language is named", "add scope: {langs: [en, ru, be]}")
    return tuple(dict.fromkeys(named)), reader.whole(scope, path, "max_age_days", 0, least=1) or None


def read_terms(reader: Reader, value: Any, langs: tuple[str, ...], references: References) -> dict[str, Term]:
    """The `terms` block."""
    terms: dict[str, Term] = {}
    for name, block in reader.mapping(value, ("terms",)).items():
        if not TERM_NAME.fullmatch(name):
            reader.add(("terms", name), "E004", f'"{name}" cannot name a term', "use letters, digits and _")
        terms[name] = read_term(reader, name, block, ("terms", name), langs, references)
    return terms


def _empty_requires(reader: Reader, require: Iterable[Condition], terms: Mapping[str, Term], langs: tuple[str, ...]) -> None:
    """E011: what is required has no word in any language of the rule."""
    if reader.failed:
        return
    for index, condition in enumerate(require):
        names = compulsory(condition)
        for group in names:
            if not any(terms[name].phrases.get(language) for name in group for language in langs):
                shown = " or ".join(group)
                reader.add(
                    ("match", "require", index),
                    "E011",
                    f'"{shown}" has no term in any language of the rule',
                    f"add words in {', '.join(langs)}",
                )


def compulsory(condition: Condition) -> list[tuple[str, ...]]:
    """Groups of terms of which one each must hit, so that the condition can hold."""
    match condition:
        case TermCondition(term=term):
            return [(term,)]
        case NearCondition(operands=operands):
            return list(operands)
        case AllCondition(parts=parts):
            return [group for part in parts for group in compulsory(part)]
        case AnyCondition(parts=parts):
            groups = [compulsory(part) for part in parts]
            return [tuple(name for group in groups for name in group[0])] if groups and all(groups) else []
    return []


def spellings(terms: Mapping[str, Term]) -> list[str]:
    """What @references stood for, so that a changed name changes the hash of the rules that use it."""
    return sorted(
        repr((name, language, sorted(map(_shown, phrase.sequences))))
        for name, term in terms.items()
        for language, phrases in term.phrases.items()
        for phrase in phrases
        if "@" in phrase.text
    )


def _shown(sequence: Any) -> str:
    return str([(step.gap, sorted((word.folded, word.prefix, word.exact) for word in step.words)) for step in sequence])
