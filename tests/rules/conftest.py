from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from monitor.model.match import Document
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules
from monitor.rules.schema import RuleSet

Files = Mapping[str, str]

HARBOUR = """\
schema: 1
id: harbour
version: 3
title: Grain in the harbour
status: active
owner: desk
created: 2026-01-02
modified: 2026-02-03
scope: {langs: [en, ru, be]}
terms:
  grain: {en: ["(grain|wheat)"], ru: ["зерн(о|а|ом)", "пшениц*"], be: ["збожж*"]}
  port: {en: ["harbour*", "=PORT"], ru: ["гаван*"], be: ["гаван*"]}
  halt: {en: ["halt*", "turn* <2> away"], ru: ["приостан*"], be: ["прыпын*"]}
  resume: {en: ["resum*"], ru: ["возобнов*"], be: ["аднав*"]}
  cooking: {en: ["recipe*"], ru: ["рецепт*"], be: ["рэцэпт*"]}
match:
  require:
    - grain
    - any: [port, {source_country: [ro]}]
  score:
    - {term: grain, weight: 2}
    - {near: [grain, port], within: 5, weight: 3}
  threshold: 3
  mask:
    - {terms: {en: ["grain of salt"]}, why: figure of speech}
  veto:
    - {term: cooking, in: [title], why: recipes}
direction:
  window: 6
  anchor: grain
  improves: [{term: resume, score: 4, plover: CONSULT/visit}]
  worsens: [{term: halt, score: -6, plover: SANCTION/discontinue}]
digest:
  section: Trade
  headline: {better: {en: "Ships load grain again"}}
  assessment: {worse: {en: "{actors} closed the way on {first_date}.", ru: "{actors}: путь закрыт."}}
tests:
  should_match:
    - {lang: en, title: "Harbour halts grain ships from the east for another week", direction: worsens}
  should_not_match:
    - {lang: en, title: "Recipe of the week: bread from the grain of the harbour town", because: "veto:0"}
"""


@pytest.fixture
def harbour() -> str:
    return HARBOUR


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Files], Path]:
    """Writes rule files and gives their folder."""

    def write(files: Files) -> Path:
        for name, text in files.items():
            file = tmp_path / "rules" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path / "rules"

    return write


@pytest.fixture
def ruleset(folder: Callable[[Files], Path]) -> Callable[[Files], RuleSet]:
    """Loads rule files."""
    return lambda files: load_rules(folder(files))


@pytest.fixture
def engine(ruleset: Callable[[Files], RuleSet]) -> Callable[[Files], Engine]:
    """Compiles rule files."""
    return lambda files: Engine(ruleset(files))


@pytest.fixture
def article() -> Callable[..., Document]:
    """An article in a language that is sure."""

    def make(title: str, text: str = "", language: str = "en", *, sure: bool = True, **more: str) -> Document:
        return Document("a1", title, text, language, sure, **more)

    return make


@pytest.fixture
def rule_text() -> Callable[..., str]:
    """The smallest rule file with these blocks instead of the usual ones."""

    def make(name: str = "thing", **blocks: str) -> str:
        usual = {
            "version": "1",
            "title": "Thing",
            "status": "draft",
            "scope": "{langs: [en]}",
            "terms": "{thing: {en: [thing]}}",
            "match": "{require: [thing]}",
            "tests": "{should_match: [{title: a thing}], should_not_match: [{title: nothing}]}",
        }
        lines = [f"{key}: {value}" for key, value in {**usual, **blocks}.items() if value]
        return "\n".join(["schema: 1", f"id: {name}", *lines, ""])

    return make
