"""kill -9 at random moments: what was acknowledged stands, nothing is there twice, the file is sound."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.model.delivery import OutboxState
from monitor.store.open import open_store
from monitor.store.promises import ArticleQuery
from monitor.store.sqlite import check_file

TARGET = Path(__file__).with_name("kill_target.py")
PEOPLE = 400


def run_and_kill(url: str, place: int, after: int) -> list[str]:
    """What the process acknowledged until it was killed, which is soon after its line number `after`."""
    with subprocess.Popen([sys.executable, str(TARGET), url, str(place)], stdout=subprocess.PIPE, text=True) as process:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if len(lines) >= after:
                break
        process.kill()
        lines += process.stdout.read().splitlines(keepends=True)
    assert process.returncode == -9
    return [line.strip() for line in lines if line.endswith("\n")]


@pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_killed_at_random_nothing_acknowledged_is_lost_and_nothing_is_there_twice(tmp_path, make, kills):
    path = tmp_path / "monitor.db"
    url = f"sqlite:///{path}"
    store = open_store(url)
    store.upgrade()
    make.frozen(store, PEOPLE)
    store.close()
    saved, sent, chance = set(), [], random.Random(20190304 + kills)

    for place in range(kills):
        lines = run_and_kill(url, place, chance.randint(1, 40))
        saved |= {line.split()[1] for line in lines if line.startswith("saved")}
        sent += [int(line.split()[1]) for line in lines if line.startswith("sent")]

        check_file(path)
        store = open_store(url)
        articles = [item.article for item in store.articles(ArticleQuery())]
        rows = store.outbox()
        store.close()
        assert saved <= {item.id for item in articles}, "an acknowledged article is lost"
        assert len(articles) == len({item.canonical_url for item in articles}), "an article is there twice"
        assert len(articles) <= len(saved) + place + 1, "at most one commit per kill was not acknowledged"
        assert all(item.text and item.title for item in articles)
        assert len(rows) == PEOPLE, "an outbox row is lost"
        assert len(sent) == len(set(sent)), "a message was handed out again after it was sent"
        assert set(sent) <= {row.id for row in rows if row.state is OutboxState.SENT}, "an acknowledged sending is forgotten"

    assert len(saved) >= kills
    assert sent
    store = open_store(url)
    assert store.count_articles(ArticleQuery(rules=("rule",))) == len(articles), "articles and matches were torn apart"
    assert store.feed_states()["feed"].entries == max(int(item.id[1:]) for item in articles), "article and state were torn apart"
    store.close()
