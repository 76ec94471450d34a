"""The rules on labelled articles: floors for what they find and which way it points.

Three sets: `labelled.jsonl` (the labelled articles as facts, in our own words), `rules/paraphrases.jsonl` (articles made up
to differ in wording from whatever the rules were written on), and the shared development set where it is at hand.
"""

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from monitor.model.match import Direction, Document
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules

ROOT = Path(__file__).parents[2]
FLOORS = json.loads((ROOT / "tests" / "quality_floors.json").read_text(encoding="utf-8"))["matching"]
SHARED = ROOT / "../shared/data/labelled-dev.jsonl"
SETS = {
    "labelled": ROOT / "tests" / "labelled.jsonl",
    "paraphrases": ROOT / "tests" / "rules" / "paraphrases.jsonl",
    "shared": SHARED,
}


class Measured(NamedTuple):
    """F1 over all rules and for each, the share of matched articles that point the right way, and what went wrong."""

    micro_f1: float
    rule_f1: dict[str, float]
    direction: float
    slips: tuple[str, ...]


def f1(true: int, wrong: int, missed: int) -> float:
    return 2 * true / (2 * true + wrong + missed) if true + wrong + missed else 1.0


def verdict(scores: list[float]) -> Direction:
    """Which way an article points: the sum over its matches."""
    balance = sum(scores)
    if abs(balance) < 2:
        return Direction.NEUTRAL
    return Direction.IMPROVES if balance > 0 else Direction.WORSENS


def measure(engine: Engine, file: Path) -> Measured:
    """A label is required, `also_ok` is never a false positive; direction is judged on articles that carry a label."""
    true: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    slips, right, judged = [], 0, 0
    for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        matches = engine.analyse(Document(line["id"], line["title"], line["text"], line["lang"], True)).matches
        found, wanted = {match.rule for match in matches}, set(line["labels"])
        true.update(found & wanted)
        missed.update(wanted - found)
        wrong.update(found - wanted - set(line["also_ok"]))
        slips += [f"{line['id']} missed {rule}" for rule in wanted - found]
        slips += [f"{line['id']} wrongly {rule}" for rule in found - wanted - set(line["also_ok"])]
        if wanted & found:
            judged += 1
            pointed = verdict([match.direction_score for match in matches])
            right += pointed == line["direction"]
            slips += [f"{line['id']} {pointed}, not {line['direction']}"] if pointed != line["direction"] else []
    rules = sorted({*true, *wrong, *missed})
    return Measured(
        f1(true.total(), wrong.total(), missed.total()),
        {rule: f1(true[rule], wrong[rule], missed[rule]) for rule in rules},
        right / max(1, judged),
        tuple(slips),
    )


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(load_rules(ROOT / "rules"))


@pytest.mark.parametrize("name", SETS)
def test_the_rules_hold_their_floors(engine, name):
    if not SETS[name].exists():
        pytest.skip("the shared data is not at hand")
    measured = measure(engine, SETS[name])
    told = "\n".join(measured.slips)
    assert measured.micro_f1 >= FLOORS["micro_f1"], told
    assert min(measured.rule_f1.values()) >= FLOORS["rule_f1_min"], told
    assert measured.direction >= FLOORS["direction"], told


def test_the_labelled_facts_cover_every_topic_and_language():
    lines = [json.loads(line) for line in SETS["labelled"].read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 80
    assert len({rule for line in lines for rule in line["labels"]}) == 5
    assert {"en", "ru", "be", "uk"} <= {line["lang"] for line in lines}
    assert sum(not line["labels"] for line in lines) >= 30
