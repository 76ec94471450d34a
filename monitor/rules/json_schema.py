"""Describes rule, names, lexicon and filter files as JSON Schema, from the tables the readers use themselves; for editors, not for loading.

JSON Schema draft-07 (json-schema.org/specification-links#draft-7), the one that editors' YAML servers read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from monitor.model.edition import Verdict
from monitor.model.feed import Stance
from monitor.model.match import Direction
from monitor.model.names import NameKind
from monitor.rules.names import ENTRY_KEYS, LEXICON_KEYS, NAMES_KEYS
from monitor.rules.read_examples import EXAMPLE_KEYS, KINDS
from monitor.rules.read_filter import FILTER_KEYS, FILTER_TESTS
from monitor.rules.read_match import (
    CONDITION_KINDS,
    CUE_KEYS,
    DIRECTION_KEYS,
    FIELD_NAMES,
    MASK_KEYS,
    MATCH_KEYS,
    MODIFIERS,
    VETO_KEYS,
)
from monitor.rules.read_rule import ID, RULE_KEYS, SCOPE_KEYS, TERM_NAME
from monitor.rules.reading import LANGUAGES
from monitor.rules.schema import ANY_LANGUAGE, SCHEMA, Life
from monitor.rules.voice import DIGEST_KEYS, PRIORITIES, TEXTS

Json = dict[str, Any]

_DIALECT = "http://json-schema.org/draft-07/schema#"
_WORDS: Mapping[str, str] = {
    "schema": "The format of this file.",
    "id": "The file name without its ending: a–z, 0–9 and -.",
    "version": "Raise it whenever terms, match or direction change.",
    "status": "draft: checked, never run. shadow: run, never printed. active: run and printed. deprecated: still run.",
    "owner": "Who answers for the rule; an active rule wants one.",
    "known_noise": "What the rule finds now and then and should not, in words for people.",
    "replaces": "Ids of rules that this one stands in for.",
    "related": "Ids of rules on a neighbouring matter.",
    "scope": "The languages it reads, and how old an article may be.",
    "terms": "Name → language → terms. Put each term in quotes.",
    "require": "All of these must hold.",
    "score": "Each holds once: weight × 1.5 in the title, 1.25 in the first paragraph, 1.0 further down.",
    "threshold": "The score needed; 0 where require alone decides.",
    "mask": "Text that looks like a term and is not: hits that touch it do not count.",
    "veto": "Where one of these holds, the rule does not match.",
    "window": "Words between a cue and its anchor, at most.",
    "anchor": "The terms near which cues count.",
    "plover": "PLOVER category and mode, for instance CONSULT/visit.",
    "words": "Stretches of the test's own text that must count: as proof, cue, mask or veto.",
    "because": "What must stop the rule: require:<term>, veto:<n>, threshold or languages.",
    "of": "The name that this one may stand for: an office's or a capital's country.",
    "printed": "Language → the form that an edition prints.",
    "variants": "Language → further spellings, in the language of terms.",
    "exceptions": "Phrases in which the words do not count; read of negators only.",
}


def json_schemas() -> dict[str, Json]:
    """File name under `rules/schema/` → its schema, for rules, names, lexicons and filters."""
    return {"rule.json": _rule(), "names.json": _names(), "lexicon.json": _lexicon(), "filter.json": _filter()}


def _object(keys: Iterable[str], shapes: Mapping[str, Json], required: Iterable[str] = ()) -> Json:
    """A mapping with just these keys; a key that a reader knows and this table does not (or the other way) is a mistake here."""
    names = list(keys)
    if set(names) != set(shapes):
        raise ValueError(f"the tables differ: {sorted(set(names) ^ set(shapes))}")
    properties = {name: ({**shapes[name], "description": _WORDS[name]} if name in _WORDS else shapes[name]) for name in names}
    found: Json = {"type": "object", "additionalProperties": False, "properties": properties}
    wanted = list(required)
    return {**found, "required": wanted} if wanted else found


def _file(title: str, body: Json, definitions: Json) -> Json:
    return {"$schema": _DIALECT, "title": title, **body, "definitions": definitions}


def _ref(name: str) -> Json:
    # "allOf", since draft-07 passes over what stands beside a bare $ref
    return {"allOf": [{"$ref": f"#/definitions/{name}"}]}


def _list(of: Json, least: int = 0) -> Json:
    return {"type": "array", "items": of, **({"minItems": least} if least else {})}


def _one_or_more(of: Json) -> Json:
    return {"anyOf": [of, _list(of)]}


_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "number"}
_DAY: Json = {"type": "string", "format": "date"}
_WHOLE: Json = {"type": "integer", "minimum": 1}
_ID: Json = {"type": "string", "pattern": f"^{ID.pattern}$"}
_VERSION: Json = {"const": SCHEMA}


def _by_language(of: Json, *more: str) -> Json:
    codes = [*more, *sorted(LANGUAGES)]
    return {"type": "object", "propertyNames": {"enum": codes}, "additionalProperties": of}


def _terms_block() -> Json:
    return {"anyOf": [_list(_TEXT), _by_language(_one_or_more(_TEXT), ANY_LANGUAGE)]}


def _rule() -> Json:
    shapes = {
        **dict.fromkeys(("title", "owner", "description"), _TEXT),
        **dict.fromkeys(("tags", "references", "known_noise", "replaces", "related"), _one_or_more(_TEXT)),
        **dict.fromkeys(("created", "modified"), _DAY),
        "schema": _VERSION,
        "id": _ID,
        "version": _WHOLE,
        "status": {"enum": [life.value for life in Life]},
        "scope": _object(SCOPE_KEYS, {"langs": _list(_ref("language")), "max_age_days": _WHOLE}),
        "terms": {
            "type": "object",
            "propertyNames": {"pattern": f"^{TERM_NAME.pattern}$"},
            "additionalProperties": _ref("terms"),
        },
        "match": _match(),
        "direction": _direction(),
        "digest": _digest(),
        "tests": _object(KINDS, dict.fromkeys(KINDS, _list(_ref("test")))),
    }
    body = _object(RULE_KEYS, shapes, ("schema", "id", "version", "title", "terms", "match"))
    return _file("A rule", body, {**_shared(), "test": _test()})


def _shared() -> Mapping[str, Json]:
    """What rules and filters have in common."""
    return {
        "language": {"enum": sorted(LANGUAGES)},
        "terms": _terms_block(),
        "condition": {"anyOf": [_TEXT, *_conditions()]},
        "operand": {"anyOf": [_TEXT, _object(("any",), {"any": _list(_TEXT, 1)}, ("any",))]},
    }


def _filter() -> Json:
    shapes = {
        **dict.fromkeys(("title", "owner", "why"), _TEXT),
        **dict.fromkeys(("rules", "tags"), _one_or_more(_TEXT)),
        "schema": _VERSION,
        "id": _ID,
        "terms": {
            "type": "object",
            "propertyNames": {"pattern": f"^{TERM_NAME.pattern}$"},
            "additionalProperties": _ref("terms"),
        },
        "veto": _list({"anyOf": _vetoes(())}, 1),
        "tests": _object(FILTER_TESTS, dict.fromkeys(FILTER_TESTS, _list(_ref("test")))),
    }
    body = _object(FILTER_KEYS, shapes, ("schema", "id", "why", "veto"))
    chosen = [{"required": ["rules"]}, {"required": ["tags"]}]
    return _file("A filter", {**body, "anyOf": chosen}, {**_shared(), "test": _test("rule")})


def _match() -> Json:
    mask = _object(MASK_KEYS, {"term": _TEXT, "terms": _ref("terms"), "why": _TEXT}, ("why",))
    shapes = {
        "require": _one_or_more(_ref("condition")),
        "score": _list({"anyOf": _conditions({"weight": _NUMBER}, ("weight",))}),
        "threshold": _NUMBER,
        "mask": _list({**mask, "oneOf": [{"required": ["term"]}, {"required": ["terms"]}]}),
        "veto": _list({"anyOf": _vetoes(("why",))}),
    }
    return _object(MATCH_KEYS, shapes)


def _vetoes(required: Iterable[str]) -> list[Json]:
    """The shapes of one veto; a filter's need no reason of their own."""
    inline = {"terms": _ref("terms"), "in": _fields(), "unless": _ref("condition"), "why": _TEXT}
    extra = {"unless": _ref("condition"), "why": _TEXT}
    return [_object(VETO_KEYS, inline, ("terms", *required)), *_conditions(extra, required)]


def _fields() -> Json:
    return _one_or_more({"enum": list(FIELD_NAMES)})


def _conditions(more: Mapping[str, Json] | None = None, required: Iterable[str] = ()) -> list[Json]:
    """One shape for each kind of condition, with keys of the place it stands in."""
    extra = dict(more or {})
    values: dict[str, Json] = {
        "term": _TEXT,
        "near": _list(_ref("operand"), 2),
        "any": _list(_ref("condition"), 1),
        "all": _list(_ref("condition"), 1),
        "source_country": _one_or_more({"type": "string", "pattern": "^[A-Za-z]{2}$"}),
        "source_stance": _one_or_more({"enum": [stance.value for stance in Stance]}),
        "source_language": _one_or_more(_ref("language")),
        "source_feed": _one_or_more(_TEXT),
    }
    modifiers = {"in": _fields(), "within": {"type": "integer", "minimum": 0}, "order": {"type": "boolean"}}
    found = []
    for kind in CONDITION_KINDS:
        shapes = {kind: values[kind], **{name: modifiers[name] for name in MODIFIERS.get(kind, ())}, **extra}
        found.append(_object(shapes, shapes, (kind, *required)))
    return found


def _direction() -> Json:
    def cues(bound: str) -> Json:
        score = {"type": "number", bound: 0}
        extra = dict(zip(CUE_KEYS, (score, _TEXT, _one_or_more(_TEXT)), strict=True))
        term, near = _conditions(extra, ("score",))[:2]
        return _list({"anyOf": [term, near]})

    shapes = {
        "window": _WHOLE,
        "anchor": _one_or_more(_TEXT),
        "improves": cues("exclusiveMinimum"),
        "worsens": cues("exclusiveMaximum"),
    }
    return _object(DIRECTION_KEYS, shapes)


def _digest() -> Json:
    verdicts = [verdict.value for verdict in Verdict]
    words = _object(verdicts, dict.fromkeys(verdicts, _by_language(_one_or_more(_TEXT))))
    shapes = {"section": _TEXT, "priority": {"enum": list(PRIORITIES)}, "max_items": _WHOLE, **dict.fromkeys(TEXTS, words)}
    return _object(DIGEST_KEYS, shapes)


def _test(*more: str) -> Json:
    """A test; of a filter with `rule`, the rule that it is meant for."""
    shapes = {
        **dict.fromkeys(more, _TEXT),
        **dict.fromkeys(("title", "body", "source_country", "source_feed", "because", "note"), _TEXT),
        "lang": _ref("language"),
        "source_stance": {"enum": [stance.value for stance in Stance]},
        "direction": {"enum": [side.value for side in Direction]},
        "hits": _one_or_more(_TEXT),
        "words": _one_or_more(_TEXT),
        "score": _NUMBER,
    }
    return {**_object((*EXAMPLE_KEYS, *more), shapes, more), "anyOf": [{"required": ["title"]}, {"required": ["body"]}]}


def _names() -> Json:
    entry = {
        "id": _ID,
        "kind": {"enum": [kind.value for kind in NameKind]},
        "of": _ID,
        "printed": _by_language(_TEXT),
        "variants": _terms_block(),
        "note": _TEXT,
    }
    names = _list(_object(ENTRY_KEYS, entry, ("id", "kind", "printed")))
    return _file("Names", _object(NAMES_KEYS, {"schema": _VERSION, "names": names}, ("schema", "names")), {})


def _lexicon() -> Json:
    shapes = {"schema": _VERSION, "id": _ID, "description": _TEXT, "terms": _terms_block(), "exceptions": _terms_block()}
    return _file("A lexicon", _object(LEXICON_KEYS, shapes, ("schema", "id", "terms")), {})
