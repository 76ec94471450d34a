"""The rules on batches written blind: each was worded and scored before the rules were tuned on it.

What each scored on first sight stands in `docs/why/009-rules-on-unseen-texts.md`; the floors here hold what the rules reach since. An unseen batch was
never tuned on: its floors are what to expect of such texts. Who tunes on it renames it and writes the next.
"""

import importlib.util
import json
from pathlib import Path

import pytest

from monitor.rules.engine import Engine
from monitor.rules.load import load_rules

ROOT = Path(__file__).parents[2]
FLOORS = json.loads((ROOT / "tests" / "quality_floors.json").read_text(encoding="utf-8"))
USED = sorted((ROOT / "tests" / "rules").glob("blind-*.jsonl"))
UNSEEN = sorted((ROOT / "tests" / "rules").glob("unseen-*.jsonl"))
BATCHES = [*USED, *UNSEEN]
spec = importlib.util.spec_from_file_location("labelled_measure", Path(__file__).with_name("test_labelled.py"))
labelled = importlib.util.module_from_spec(spec)
spec.loader.exec_module(labelled)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(load_rules(ROOT / "rules"))


@pytest.mark.parametrize("batch", BATCHES, ids=[batch.stem for batch in BATCHES])
def test_a_blind_batch_holds_its_floors(engine, batch):
    floors = FLOORS["unseen" if batch in UNSEEN else "blind"]
    measured = labelled.measure(engine, batch)
    told = "\n".join(measured.slips)
    assert measured.micro_f1 >= floors["micro_f1"], told
    assert min(measured.rule_f1.values()) >= floors["rule_f1_min"], told
    assert measured.direction >= floors["direction"], told


@pytest.mark.parametrize("batch", BATCHES, ids=[batch.stem for batch in BATCHES])
def test_a_blind_batch_is_broad(batch):
    lines = [json.loads(line) for line in batch.read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 60
    assert len({line["id"] for line in lines}) == len(lines)
    assert len({rule for line in lines for rule in line["labels"]}) == 5
    assert {"en", "ru", "be", "uk", "pl", "lt"} <= {line["lang"] for line in lines}
    assert {"improves", "neutral", "worsens"} <= {line["direction"] for line in lines}
    assert sum(not line["labels"] for line in lines) >= 10


def test_there_are_batches():
    assert len(USED) >= 3
    assert UNSEEN, "write a batch that the rules have not seen"
