"""How well the filter `monitor stories` finds copies among edits of real articles, and what it wrongly joins.

The articles are not in this project: name a file of them, {key: {"articleBody": …, "url": …}} as the ground truth of the
article-extraction-benchmark has it. Of each article of 160 words and more, ten edited copies are made by a seeded generator, and
beside them traps: round-ups of three to five stories, reports from templates, follow-ups that quote a paragraph of background, and
live tickers that grow. The filter is asked in several forms, since not everybody who calls it knows dates, hosts and sources.

A round-up may be with one of its stories. A version of a ticker may be with another, but need not.

Run: .venv/bin/python bench/bench_copies.py ARTICLES.json [--seeds 1,2] [--forms full,undated,one-host,bare] [--edits 10] [--missed]
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from copy_set import the_set

ROOT = Path(__file__).parents[1]
START = datetime(2020, 8, 3, tzinfo=UTC)
FILTER = [sys.executable, "-m", "monitor", "stories", "-"]


def as_lines(texts, form):
    """The articles as somebody who knows more or less of them gives them to the filter."""
    lines = []
    for number, one in enumerate(texts):
        host = "news.example.org" if form in ("one-host", "bare") else one.host
        line = {"id": one.id, "url": f"https://{host}/{number}{one.query}", "title": one.title, "text": one.text}
        if form == "full":
            line |= {"published": (START + timedelta(hours=one.hours)).isoformat(), "lang": "en", "source": one.host}
        elif form in ("same-date", "one-host"):
            line |= {"published": START.isoformat(), "lang": "en", "source": "source"}
        elif form == "undated":
            line |= {"published": None, "lang": "en"}
        elif form == "no-url":
            del line["url"]
        lines.append(json.dumps(line, ensure_ascii=False))
    return "\n".join(lines) + "\n"


FORMS = ("full", "same-date", "undated", "one-host", "bare", "no-url")
"""`bare` gives id, url, title and text alone, all of one host; `undated` and `no-url` know hosts and nothing else, or not even these."""


def told(lines):
    """The groups of copies that the filter finds, as lists of ids."""
    done = subprocess.run(FILTER, input=lines, capture_output=True, text=True, check=True, cwd=ROOT)
    return [group for line in done.stdout.splitlines() for group in json.loads(line)["copies"]]


@dataclass
class Score:
    """What was found, in counts."""

    right: int = 0
    wrong: int = 0
    wanted: int = 0
    glued: int = 0
    missed: Counter = field(default_factory=Counter)
    asked: Counter = field(default_factory=Counter)
    mixed: Counter = field(default_factory=Counter)
    templates: int = 0
    template_pairs: int = 0

    @property
    def f1(self):
        return 2 * self.right / max(1, 2 * self.right + self.wrong + (self.wanted - self.right))


def score(texts, groups):
    """Pairs within groups against pairs within families."""
    by_id = {one.id: one for one in texts}
    group_of = {name: place for place, names in enumerate(groups) for name in names}
    found = Score()
    sizes = Counter(one.family for one in texts if one.kind != "ticker")
    found.wanted = sum(size * (size - 1) // 2 for size in sizes.values())
    for names in groups:
        members = [by_id[name] for name in names]
        stories = {one.family for one in members if one.kind != "round-up"}
        found.glued += sum(one.kind == "round-up" and len(stories) > 1 for one in members)
        for a, b in combinations(members, 2):
            if a.family == b.family:
                found.right += a.kind != "ticker"
            elif not (len(stories) == 1 and {a.kind, b.kind} & {"round-up"} and stories <= a.allowed | b.allowed):
                found.wrong += 1
                found.mixed[
                    " with ".join(sorted((a.kind if a.family[0] != "a" else "copy", b.kind if b.family[0] != "a" else "copy")))
                ] += 1
                found.templates += a.kind == b.kind == "template"
    number = Counter(one.id.rsplit("-", 1)[0] for one in texts if one.kind == "template")
    found.template_pairs = sum(size * (size - 1) // 2 for size in number.values())
    for one in texts:
        if one.family in by_id and one.kind != "original" and one.family != one.id:
            found.asked[one.kind] += 1
            found.missed[one.kind] += group_of[one.id] != group_of[one.family]
    return found


def report(name, found):
    precision, recall = found.right / max(1, found.right + found.wrong), found.right / found.wanted
    print(
        f"{name}: P {precision:.4f}, R {recall:.4f}, F1 {found.f1:.4f}; round-ups that glue {found.glued}; "
        f"templates merged {found.templates / found.template_pairs:.3f}; wrong pairs {dict(found.mixed)}"
    )
    shares = {kind: f"{1 - found.missed[kind] / asked:.3f}" for kind, asked in sorted(found.asked.items()) if found.missed[kind]}
    print(f"   found beside the original, of each edit (others 1.000): {shares}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--missed", action="store_true", help="print groups that hold several families")
    given = parser.parse_args()
    if given.articles is None:
        print(__doc__.strip().splitlines()[-1] + "      (the articles are not in this project; nothing is measured without them)")
        return
    articles = [
        (one["url"], [p.strip() for p in one["articleBody"].split("\n") if p.strip()])
        for _, one in sorted(json.loads(given.articles.read_text(encoding="utf-8")).items())
    ]
    for seed in given.seeds.split(","):
        texts = the_set(articles, seed, given.edits)
        for form in given.forms.split(","):
            groups = told(as_lines(texts, form))
            report(f"seed {seed}, {len(texts)} texts, {form}", score(texts, groups))
            if given.missed:
                of = {one.id: one.family for one in texts}
                for names in groups:
                    if len({of[name] for name in names}) > 1:
                        print("   together:", *sorted(names))


if __name__ == "__main__":
    main()
