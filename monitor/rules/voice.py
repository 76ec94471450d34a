"""The analyst's words for an edition: reads a rule's `digest` block and hands the words of all rules on; it fills no slot."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

from monitor.model.digest import RuleVoice, TextsByVerdict
from monitor.model.edition import Verdict
from monitor.rules.reading import Path_, Reader, nearest
from monitor.rules.schema import Rule, RuleSet

SLOTS = frozenset({"actors", "count", "sources", "first_date", "last_date"})
TEXTS = ("headline", "assessment", "outlook")
PRIORITIES = ("high", "normal", "low")
_VERDICTS = tuple(verdict.value for verdict in Verdict)
DIGEST_KEYS = ("section", "priority", "max_items", *TEXTS)


def voices(ruleset: RuleSet) -> dict[str, RuleVoice]:
    """Rule id → its words, for every rule that may be printed (active and deprecated ones)."""
    return {rule.id: rule.voice for rule in ruleset.rules if may_be_printed(rule)}


def may_be_printed(rule: Rule) -> bool:
    """False for drafts and shadows."""
    return rule.header.status.value in ("active", "deprecated")


def read_digest(reader: Reader, data: Any, rule: RuleVoice) -> tuple[dict[str, Any], RuleVoice]:
    """The `digest` block: section, priority and max_items as keyword arguments of `Header`, and the words."""
    path: Path_ = ("digest",)
    block = reader.mapping(data, path, DIGEST_KEYS)
    header = {
        "section": reader.text(block, path, "section"),
        "priority": reader.choice(block, path, "priority", PRIORITIES, "normal"),
        "max_items": reader.whole(block, path, "max_items", 0, least=1) or None,
    }
    words = {key: _by_verdict(reader, block.get(key), (*path, key)) for key in TEXTS}
    return header, RuleVoice(rule.rule, rule.title, rule.version, **words)


def _by_verdict(reader: Reader, value: Any, path: Path_) -> TextsByVerdict:
    block = reader.mapping(value, path, _VERDICTS)
    return {verdict: _by_language(reader, block[verdict], (*path, verdict)) for verdict in _VERDICTS if verdict in block}


def _by_language(reader: Reader, value: Any, path: Path_) -> Mapping[str, tuple[str, ...]]:
    found = {}
    block = reader.mapping(value, path)
    for key in block:
        language = reader.language(key, (*path, key), key=True)
        texts = reader.texts(block, path, key)
        alone = isinstance(block[key], str)
        for index, text in enumerate(texts):
            _check_slots(reader, text, (*path, key) if alone else (*path, key, index))
        if language and texts:
            found[language] = texts
    return found


def _check_slots(reader: Reader, text: str, path: Path_) -> None:
    try:
        slots = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    except ValueError as error:
        reader.add(path, "E004", f"the braces do not pair: {error}", "write {{ for a brace that is no slot")
        return
    for name, spec, conversion in slots:
        if name not in SLOTS:
            mend = nearest(name, SLOTS) or f"slots: {', '.join(sorted(SLOTS))}"
            reader.add(path, "E002", f'unknown slot "{{{name}}}"', mend)
        elif spec or conversion:
            reader.add(path, "E004", f'the slot "{{{name}}}" takes no format', f"write {{{name}}}")
