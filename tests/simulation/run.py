"""Plays the simulation over many seeds and says what broke.

    python tests/simulation/run.py --seeds 0-9999 --jobs 2
    python tests/simulation/run.py --seed 4711            # one again, with its whole trace

A line of progress every few seconds on standard error; the tally at the end; exit 1 where a promise was broken.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import sim_scene

CHUNK = 25
SHOWN = 60
"""Lines of a broken seed's trace."""


def memory_folder() -> str | None:
    """Where files cost nothing, if there is such a place: databases of a simulation need not survive a loss of power."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def play_some(seeds: range, bug=None) -> list[sim_scene.Outcome]:
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=memory_folder()) as name:
        folder = Path(name)
        blank = sim_scene.make_blank(folder)
        outcomes = []
        for seed in seeds:
            place = folder / str(seed)
            place.mkdir()
            outcomes.append(sim_scene.play(seed, place, blank, bug))
            shutil.rmtree(place)
        return outcomes


class Tally:
    """What many seeds came to."""

    def __init__(self):
        self.seeds = self.steps = self.taken = self.kills = self.editions = 0
        self.doubles: Counter[str] = Counter()
        self.broken: list[sim_scene.Outcome] = []

    def add(self, outcome):
        self.seeds += 1
        self.steps += outcome.steps
        self.taken += outcome.taken
        self.kills += outcome.kills
        self.editions += outcome.editions
        self.doubles.update(outcome.doubles)
        if outcome.broken:
            self.broken.append(outcome)

    def __str__(self):
        doubles = ", ".join(f"{count} {why}" for why, count in self.doubles.most_common()) or "none"
        return (
            f"{self.seeds} seeds: {len(self.broken)} broken; {self.steps} steps, {self.editions} editions, {self.taken} messages taken, "
            f"{self.kills} kills; taken again: {doubles}"
        )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seeds", default="0-199", help="from-to, both included")
    arguments.add_argument("--seed", type=int, help="one seed, with its whole trace")
    arguments.add_argument("--jobs", type=int, default=1)
    options = arguments.parse_args()
    if options.seed is not None:
        [outcome] = play_some(range(options.seed, options.seed + 1))
        print("\n".join(outcome.trace))
        print(outcome.broken or "no promise was broken")
        return 1 if outcome.broken else 0
    first, _, last = options.seeds.partition("-")
    tally, began, said = Tally(), time.monotonic(), 0.0
    chunks = [range(at, min(at + CHUNK, int(last) + 1)) for at in range(int(first), int(last) + 1, CHUNK)]
    with ProcessPoolExecutor(options.jobs) as pool:
        for future in as_completed([pool.submit(play_some, chunk) for chunk in chunks]):
            for outcome in future.result():
                tally.add(outcome)
                if outcome.broken:
                    print(f"seed {outcome.seed}: {outcome.broken}", file=sys.stderr, flush=True)
            if time.monotonic() - said > 5:
                said = time.monotonic()
                print(f"{said - began:5.0f} s  {tally}", file=sys.stderr, flush=True)
    for outcome in tally.broken:
        print(f"seed {outcome.seed}: {outcome.broken}")
    for outcome in tally.broken[:3]:
        print(f"\nseed {outcome.seed}: {outcome.broken}\n" + "\n".join(outcome.trace[-SHOWN:]))
        print(f"again: python tests/simulation/run.py --seed {outcome.seed}")
    print(f"{tally}; {time.monotonic() - began:.0f} s")
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
