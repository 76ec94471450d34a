"""The simulation over some seeds at every run, and the proof that it bites: each bug put in on purpose is found."""

import importlib.util
import os
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import sim_bugs
import sim_scene

spec = importlib.util.spec_from_file_location("simulation_run", Path(__file__).with_name("run.py"))
run = importlib.util.module_from_spec(spec)
spec.loader.exec_module(run)

SEEDS, CHUNK = 200, 20
FIRST = int(os.environ.get("MONITOR_TEST_SEED", "0"))


@pytest.mark.parametrize("chunk", range(SEEDS // CHUNK))
def test_no_promise_about_mail_is_broken_whatever_goes_wrong(chunk):
    first = FIRST + chunk * CHUNK
    outcomes = run.play_some(range(first, first + CHUNK))
    broken = [f"seed {one.seed}: {one.broken}\n" + "\n".join(one.trace[-run.SHOWN :]) for one in outcomes if one.broken]
    assert not broken, broken[0] + f"\nplay it again: python tests/simulation/run.py --seed {first}"
    assert sum(one.taken for one in outcomes) > CHUNK, "nothing was sent: what is proved?"


@pytest.fixture(scope="module")
def play():
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=run.memory_folder()) as name:
        blank = sim_scene.make_blank(Path(name))
        count = iter(range(10**9))

        def go(seed, bug):
            place = Path(name) / str(next(count))
            place.mkdir()
            return sim_scene.play(seed, place, blank, bug)

        yield go


@pytest.mark.parametrize("name", sim_bugs.BUGS)
def test_a_bug_put_in_on_purpose_is_found(name, play):
    seed, broken = sim_bugs.first_found(name, lambda seed, bug: play(seed, bug).broken)
    assert seed >= 0, f"{sim_bugs.SEEDS} seeds and nothing was noticed"
    print(f"{name}: seed {seed}: {broken}")


def test_the_same_seed_plays_the_same_scene_to_the_letter(play):
    one, other = play(17, None), play(17, None)
    assert one.trace == other.trace
    assert one.steps > 100
