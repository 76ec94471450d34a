"""What folding copies and grouping stories costs beside other ways in the same run, how it grows, and how much memory it takes.

Of a poll: what 200 new articles cost against a window that is full, by what is remembered of the others, from stamps read to stories
stored; beside all of the window told by a new process, and all of it judged anew, as at midnight (all tell the same stories).

The peers: finding equal texts only, and MinHash with locality-sensitive hashing by datasketch and rensa (dependency group "bench";
left out where they are not installed), both for a resemblance of 0.5 by 3-word shingles and 128 permutations. Each is measured
in a process of its own; memory is the peak above that of the articles themselves. Seconds are CPU time, on one core.

Run: .venv/bin/python bench/bench_stories.py [--poll-only] [ARTICLES]      a week of a busy desk: 100000
"""

import gc
import hashlib
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from types import SimpleNamespace

from monitor.model.article import Article, DateSource, Source
from monitor.model.match import Analysis, Direction, Match
from monitor.model.story import AnalysedArticle
from monitor.polling import tie_stories
from monitor.store.open import open_store
from monitor.stories.copies import fold_copies
from monitor.stories.group import group_stories
from monitor.stories.window import StoryWindow
from monitor.stories.words import words_of

START = datetime(2024, 5, 6, tzinfo=UTC)
POLLED = 200
ONSETS, VOWELS = "bcdfghklmnprstvz", "aeiou"


def made_word(rng):
    return "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(rng.randint(2, 4)))


def articles(count, rng, rule=""):
    """Made-up articles of about 400 words over two weeks; 15 % are cut copies of the one before."""
    words = [made_word(rng) for _ in range(20_000)]
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
    made = []
    lines = []
    matches = (Match(rule, 1, "", 1.0, 1.0, Direction.NEUTRAL, 0.0, ()),) if rule else ()
    for number in range(count):
        if number and rng.random() < 0.15:
            lines = lines[: len(lines) * 3 // 4]
        else:
            names = [made_word(rng).capitalize() for _ in range(12)]
            lines = []
            for _ in range(22):
                line = rng.choices(words, cum_weights=weights, k=16)
                line.insert(rng.randrange(1, 16), rng.choice(names))
                line.insert(rng.randrange(1, 16), str(rng.randint(2, 5000)))
                lines.append(" ".join(line).capitalize() + ".")
        moment = START + timedelta(days=14) * number / count
        url = f"https://host{number % 300}.example.org/{number}"
        article = Article(
            f"a{number}",
            "f",
            url,
            url,
            url,
            url,
            lines[0][:60],
            "\n".join(lines),
            "en",
            True,
            moment,
            DateSource.FEED,
            moment,
            Source("f", "f"),
        )
        made.append(AnalysedArticle(article, Analysis(article.id, matches, (), "")))
    return made


def equal_only(items):
    """Group by a digest of the folded words, which finds no edited copy."""
    return len({hashlib.blake2b(" ".join(words_of(item.article.text).words).encode()).digest() for item in items})


def shingles(text):
    words = words_of(text).words
    return {" ".join(words[place : place + 3]) for place in range(len(words) - 2)}


def by_datasketch(items):
    """Articles that have no earlier one alike."""
    from datasketch import MinHash, MinHashLSH

    index, alone = MinHashLSH(threshold=0.5, num_perm=128), 0
    for item in items:
        sketch = MinHash(num_perm=128)
        sketch.update_batch([shingle.encode() for shingle in shingles(item.article.text)])
        alone += not index.query(sketch)
        index.insert(item.article.id, sketch)
    return alone


def by_rensa(items):
    """Articles that have no earlier one alike."""
    from rensa import RMinHash, RMinHashLSH

    index, alone = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), 0
    for number, item in enumerate(items):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(list(shingles(item.article.text)))
        alone += not index.query(sketch)
        index.insert(number, sketch)
    return alone


def copies_only(items):
    return len(fold_copies(items))


def copies_and_stories(items):
    return len(group_stories(fold_copies(items)))


WAYS = {
    "equal texts only": equal_only,
    "fold_copies": copies_only,
    "datasketch": by_datasketch,
    "rensa": by_rensa,
    "copies and stories": copies_and_stories,
}


def memory(field):
    """VmRSS or VmHWM (the peak) of this process in bytes."""
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) * 1024


def measured(way, count):
    """CPU seconds, peak bytes above the articles, and what was found, in this process."""
    items = articles(count, random.Random(2))
    WAYS[way](items[:50])  # what is loaded once is nobody's article
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # Linux: the peak starts anew
    before, start = memory("VmRSS"), time.process_time()
    found = WAYS[way](items)
    return {"seconds": time.process_time() - start, "bytes": max(0, memory("VmHWM") - before), "found": found}


def apart(*arguments):
    """What a process of its own measures, on one thread."""
    command = [sys.executable, __file__, *map(str, arguments)]
    return json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}).stdout
    )


def report(count):
    least = None
    for way in WAYS:
        if way in ("datasketch", "rensa") and importlib.util.find_spec(way) is None:
            print(f"  {way}: not installed (dependency group bench)")
            continue
        cost = apart("--measure", way, count)
        least = least or cost["seconds"]
        print(
            f"  {way}: {count / cost['seconds']:,.0f} articles/s, ratio {cost['seconds'] / least:.1f}, "
            f"{cost['bytes'] / count / 1000:.1f} kB an article, peak {cost['bytes'] / 1e6:,.0f} MB, {cost['found']} texts"
        )


def tied(parts, now):
    """CPU seconds of grouping after a poll, with what it came to."""
    start = time.process_time()
    stories = tie_stories(parts, now)
    return {"seconds": time.process_time() - start, "stories": stories}


def fill(store, items):
    for start in range(0, len(items), 500):
        store.save_poll([(item.article, item.analysis) for item in items[start : start + 500]], None)


def measured_poll(count):
    """CPU seconds of a first telling, of a poll after it, and of judging all anew; bytes that are kept, and the peak, above the start."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db")
        store.upgrade()
        items = articles(count + 2 * POLLED, random.Random(2), rule="bench")
        now = items[-1].article.first_seen
        fill(store, items[:count])
        new, items = items[count:], []
        parts = SimpleNamespace(store=store, story_days=14, stories=StoryWindow())
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # Linux: the peak starts anew
        before = memory("VmRSS")
        found = {"full": tied(parts, now)}
        gc.collect()
        found["kept"], found["filling"] = memory("VmRSS") - before, memory("VmHWM") - before
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        for name, some in (("poll", new[:POLLED]), ("next poll", new[POLLED:])):
            fill(store, some)
            found[name] = tied(parts, now)
        found["peak"] = memory("VmHWM") - before
        found["midnight"] = tied(parts, now + timedelta(days=2))
        store.close()
        return found


def report_poll(count):
    cost = apart("--poll", count)
    poll = min(cost["poll"]["seconds"], cost["next poll"]["seconds"])
    print(
        f"  {POLLED} new ones in a window of {count}: {poll:.1f} s beside {cost['full']['seconds']:.1f} s for all of it, "
        f"ratio {cost['full']['seconds'] / poll:.1f}; all judged anew {cost['midnight']['seconds']:.1f} s; "
        f"{cost['kept'] / count / 1000:.1f} kB kept an article, peak {cost['peak'] / 1e6:,.0f} MB ({cost['filling'] / 1e6:,.0f} MB as it was "
        f"filled), {cost['next poll']['stories']} stories"
    )


def main():
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measured(sys.argv[2], int(sys.argv[3]))))
        return
    if sys.argv[1:2] == ["--poll"]:
        print(json.dumps(measured_poll(int(sys.argv[2]))))
        return
    given = [one for one in sys.argv[1:] if one != "--poll-only"]
    largest = int(given[0]) if given else 4000
    for count in () if "--poll-only" in sys.argv else (largest // 4, largest):
        print(f"{count} articles of about 400 words")
        report(count)
    report_poll(largest)


if __name__ == "__main__":
    main()
