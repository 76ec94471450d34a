"""The tutorial on tuning a rule: its commands run as they are written, its change is the one that it shows, and the rule is better after it."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.cli.jsonl import article_from
from monitor.model.feed import FeedHealth, FeedState
from monitor.polling import document_of
from monitor.rules.append import next_version, with_item
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules
from monitor.store.open import open_store
from monitor.text.located_yaml import written

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "how-to" / "tune-a-rule.md").read_text(encoding="utf-8")
FENCED = re.compile(r"(?m)^```(sh|yaml)\n(.*?)^```", re.DOTALL)
ARTICLES = [
    (
        "https://gazette.example/1",
        "Belarus: a military attaché of Lithuania is accredited in Minsk",
        "The defence ministry received him.",
    ),
    ("https://gazette.example/2", "Harvest ends early", "It rained in the north all week, farmers said."),
]
AT = datetime(2019, 3, 6, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    """A checkout with the shipped files and a database that holds two articles, in place of the demo's."""
    for folder in ("rules", "digests", "seeds"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("sample"))
    git = ["git", "-c", "init.defaultBranch=main", "-C", str(tmp_path)]
    for words in (["init", "-q"], ["add", "."], [*author(), "commit", "-q", "-m", "first"]):
        subprocess.run([*git, *words], check=True)
    engine = Engine(load_rules(tmp_path / "rules"))
    items = []
    for number, (url, title, text) in enumerate(ARTICLES):
        line = {"id": f"a{number}", "url": url, "title": title, "text": text, "lang": "en", "published": AT.isoformat()}
        article = replace(article_from(line, number).article, first_seen=AT)
        items.append((article, engine.analyse(document_of(article))))
    box = open_store(f"sqlite:///{tmp_path}/var/tune.db")
    box.upgrade()
    box.save_poll(items, replace(FeedState("gazette"), health=FeedHealth.HEALTHY))
    box.close()
    return tmp_path


def author():
    return ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]


def with_block(text, block):
    """A rule file with what a block of the page shows added to its lists, and its version raised."""
    for value in written(block):
        if value.path and isinstance(value.path[-1], int):
            text = with_item(text, [str(part) for part in value.path[:-1]], block[value.start : value.end])
    return next_version(text, AT.date())


def script(home):
    """The page as one shell script: the demo is made already, and what it tells to type into files is put there."""
    lines = ["set -e"]
    for number, (kind, block) in enumerate(FENCED.findall(PAGE)):
        if kind == "sh":
            lines += [line for line in block.splitlines() if not line.startswith("monitor demo")]
            continue
        target = "rules/expectations.yml" if block.startswith("expectations:") else "rules/military-attaches.yml"
        text = block if "expectations" in target else with_block((home / target).read_text(encoding="utf-8"), block)
        (home / f"typed-{number}").write_text(text, encoding="utf-8")
        lines.append(f"cp typed-{number} {target}")
    return "\n".join(lines)


@pytest.mark.slow
def test_the_tutorial_runs_as_written_and_ends_with_a_merged_rule_that_finds_the_missed_article(home, monitor_in):
    monitor = monitor_in(home, MONITOR_NOW="2019-03-12T09:00:00+00:00")
    (home / ".venv" / "bin").mkdir(parents=True)
    shim = home / ".venv" / "bin" / "monitor"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m monitor "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    who = {f"GIT_{role}_{what}": "ann@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    missed = ("rules", "explain", "military-attaches", "--lang", "en", "--title", "Warsaw sends a new service attaché to Minsk")
    monitor(*missed, expect=1)
    done = subprocess.run(
        ["bash", "-c", script(home)],
        cwd=home,
        env={**monitor.environment, **who, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert 'add "service attaché" to terms.attache.en' in done.stdout
    assert "MATCH military-attaches" in done.stdout
    assert "1 mark" in done.stdout
    monitor(*missed)
    branch = subprocess.run(["git", "-C", home, "log", "-1", "--format=%s %D"], capture_output=True, text=True, check=True)
    assert "service attachés too HEAD -> main" in branch.stdout
    assert "military-attaches" in (home / "out" / "diff.txt").read_text(encoding="utf-8")
