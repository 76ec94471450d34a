"""Backup and restore: the drill, and everything that must stop it."""

import subprocess
import sys
from datetime import timedelta

import pytest

from monitor.model.delivery import OutboxState, Receipt
from monitor.model.errors import StoreBusy, StoreFailed, StoreRefused, WrongUse
from monitor.store import backup as module
from monitor.store.backup import SENDING_PAUSED, restore
from monitor.store.migrate import shipped
from monitor.store.open import open_store
from monitor.store.promises import ArticleQuery
from monitor.store.sqlite import check_file


@pytest.fixture
def live(tmp_path, make):
    """The URL of a closed database with an article and two messages, one of them sent."""
    url = f"sqlite:///{tmp_path}/live/monitor.db"
    fill(url, make)
    return url


def fill(url, make):
    store = open_store(url)
    store.upgrade()
    store.save_poll([(make.article(), make.analysis("a00001", "r"))], make.state("feed-1"))
    make.frozen(store, 2)
    (message,) = store.claim("w", make.now, make.now + timedelta(minutes=1), 1)
    store.mark_sent(message.id, Receipt(250, "ok"), make.now)
    store.close()


def backed_up(url, target):
    store = open_store(url)
    store.backup(target)
    store.close()
    return target


def content(url):
    store = open_store(url)
    try:
        return (
            store.articles(ArticleQuery()), store.editions(), store.outbox(), store.subscriptions(), store.feed_states(),
            store.setting(SENDING_PAUSED),
        )  # fmt: skip
    finally:
        store.close()


def test_the_drill(live, tmp_path, make):
    """Back up, go on, lose everything, restore: the backup's state, and nothing is sent before a person has looked."""
    before = content(live)
    target = backed_up(live, tmp_path / "backup.db")
    store = open_store(live)
    (message,) = store.claim("w", make.now, make.now + timedelta(minutes=1), 1)
    store.mark_sent(message.id, Receipt(250, "ok"), make.now)
    store.close()

    kept = restore(target, live)

    after = content(live)
    assert after[:-1] == before[:-1]
    assert after[-1].startswith("restored from backup.db")
    store = open_store(live)
    assert store.upgrade() == ()
    assert [item.state for item in store.outbox()] == [OutboxState.SENT, OutboxState.PENDING]
    assert [item.body for item in store.claim("w", make.now, make.now, 5)] != [b""]
    store.close()
    replaced = open_store(f"sqlite:///{kept}")
    assert replaced.outbox_counts() == {OutboxState.SENT: 2}
    replaced.close()


def test_a_backup_is_one_file_and_restoring_leaves_it_as_it_was(live, tmp_path):
    target = backed_up(live, tmp_path / "out" / "backup.db")
    assert [item.name for item in target.parent.iterdir()] == ["backup.db"]
    data = target.read_bytes()
    restore(target, live)
    assert target.read_bytes() == data
    assert [item.name for item in target.parent.iterdir()] == ["backup.db"]


def test_restoring_leaves_nothing_behind_but_the_replaced_file(live, tmp_path):
    restore(backed_up(live, tmp_path / "backup.db"), live)
    assert sorted(item.name for item in (tmp_path / "live").iterdir()) == ["monitor.db", "monitor.db.lock", "monitor.db.replaced"]


def test_a_backup_is_restored_where_there_was_nothing(live, tmp_path):
    target = backed_up(live, tmp_path / "backup.db")
    assert restore(target, f"sqlite:///{tmp_path}/new/place.db") is None
    assert content(f"sqlite:///{tmp_path}/new/place.db")[0] == content(live)[0]


def test_restoring_twice_keeps_the_last_replaced_database(live, tmp_path):
    target = backed_up(live, tmp_path / "backup.db")
    restore(target, live)
    kept = restore(target, live)
    check_file(kept)
    assert content(live)[0]


def test_a_database_in_use_is_not_replaced(live, tmp_path):
    target = backed_up(live, tmp_path / "backup.db")
    store = open_store(live)
    store.set_setting("mark", "alive")
    with pytest.raises(StoreBusy, match="stop the service first") as caught:
        restore(target, live)
    assert caught.value.transient
    assert store.setting("mark") == "alive"
    store.close()


def test_a_database_in_use_by_another_process_is_not_replaced(live, tmp_path):
    target = backed_up(live, tmp_path / "backup.db")
    code = f"from monitor.store.open import open_store; s = open_store('{live}'); print('open', flush=True); input(); s.close()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(StoreBusy, match="stop the service first"):
            restore(target, live)
        other.communicate("\n", timeout=20)
    restore(target, live)


def test_a_database_open_in_another_program_is_not_replaced(live, tmp_path):
    """The sqlite3 shell, or Python's sqlite3 as here, does not know our lock; its open journal gives it away."""
    target, file = backed_up(live, tmp_path / "backup.db"), tmp_path / "live" / "monitor.db"
    code = f"""
import sqlite3
other = sqlite3.connect({str(file)!r})
other.execute("SELECT COUNT(*) FROM article").fetchall()
print("open", flush=True)
input()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "open\n"
        before = file.stat().st_ino
        with pytest.raises(StoreBusy, match="another program"):
            restore(target, live)
        assert file.stat().st_ino == before
        other.communicate("\n", timeout=20)
    restore(target, live)


def test_nobody_opens_a_database_while_it_is_replaced(live, tmp_path, monkeypatch):
    target = backed_up(live, tmp_path / "backup.db")
    seen = []
    original = module._prepare

    def prepare(*arguments):
        with pytest.raises(StoreBusy, match="being restored"):
            open_store(live)
        seen.append(True)
        return original(*arguments)

    monkeypatch.setattr(module, "_prepare", prepare)
    restore(target, live)
    assert seen


def test_a_damaged_database_is_replaced_and_its_journal_does_not_haunt_the_new_one(live, tmp_path):
    target = backed_up(live, tmp_path / "backup.db")
    file = tmp_path / "live" / "monitor.db"
    file.write_bytes(b"rubbish" * 5000)
    file.with_name("monitor.db-wal").write_bytes(b"old journal" * 500)
    kept = restore(target, live)
    assert kept.read_bytes().startswith(b"rubbish")
    assert kept.with_name(f"{kept.name}-wal").read_bytes().startswith(b"old journal")
    assert not file.with_name("monitor.db-wal").exists()
    assert content(live)[0]
    check_file(file)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"no database" * 500, "no SQLite database"), (b"", "empty database")],
    ids=["another file", "an empty file"],
)
def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(live, tmp_path, data, words):
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(data)
    before = content(live)
    with pytest.raises(StoreRefused, match=words):
        restore(wrong, live)
    assert content(live) == before


def test_a_database_of_another_program_is_no_backup(live, tmp_path):
    import sqlite3

    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE bookmarks (id)")
    other.close()
    with pytest.raises(StoreRefused, match="another program"):
        restore(tmp_path / "other.db", live)


def test_a_backup_of_a_newer_schema_is_refused(live, tmp_path):
    import sqlite3

    target = backed_up(live, tmp_path / "backup.db")
    other = sqlite3.connect(target)
    other.execute("INSERT INTO schema_migration VALUES (999, 'future')")
    other.commit()
    other.close()
    before = content(live)
    with pytest.raises(StoreRefused, match=f"schema 999, this program knows {len(shipped())}"):
        restore(target, live)
    assert content(live) == before


@pytest.mark.parametrize("case", ["absent", "folder", "itself", "memory", "unknown"])
def test_wrong_use_is_told(live, tmp_path, case):
    target = backed_up(live, tmp_path / "backup.db")
    wrong = {
        "absent": (tmp_path / "none.db", live, "is no file"),
        "folder": (tmp_path, live, "is no file"),
        "itself": (tmp_path / "live" / "monitor.db", live, "itself"),
        "memory": (target, "sqlite://", "in memory"),
        "unknown": (target, "mysql://host/x", "write sqlite:///"),
    }
    source, url, words = wrong[case]
    with pytest.raises(WrongUse, match=words):
        restore(source, url)


def test_a_disk_that_gives_out_leaves_the_database_as_it_was(live, tmp_path, monkeypatch):
    target = backed_up(live, tmp_path / "backup.db")
    before = content(live)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.disk, "put_in_place", full)
    with pytest.raises(StoreFailed, match="No space left"):
        restore(target, live)
    assert content(live) == before
    assert sorted(item.name for item in (tmp_path / "live").iterdir()) == ["monitor.db", "monitor.db.lock"]


# PostgreSQL


def test_a_server_is_backed_up_to_a_file_and_the_file_runs(postgres_url, tmp_path, make):
    fill(postgres_url, make)
    target = backed_up(postgres_url, tmp_path / "out" / "backup.db")
    assert [item.name for item in target.parent.iterdir()] == ["backup.db"]
    assert content(f"sqlite:///{target}") == content(postgres_url)
    store = open_store(f"sqlite:///{target}")
    (claimed,) = store.claim("w", make.now, make.now, 5)
    assert claimed.body.startswith(b"body\0")
    store.close()


def test_a_file_moves_to_an_empty_server_and_life_goes_on_there(live, postgres_url, tmp_path, make):
    target = backed_up(live, tmp_path / "backup.db")
    assert restore(target, postgres_url) is None
    assert content(postgres_url)[:-1] == content(live)[:-1]
    store = open_store(postgres_url)
    assert store.setting(SENDING_PAUSED).startswith("restored from")
    new = store.subscribe(make.wish("new"))
    assert new.id > max(person.id for person in content(live)[3])
    store.close()


def test_a_server_with_rows_is_not_overwritten(live, postgres_url, tmp_path, make):
    fill(postgres_url, make)
    before = content(postgres_url)
    with pytest.raises(StoreRefused, match="not empty: it has rows in feed_state, article"):
        restore(backed_up(live, tmp_path / "backup.db"), postgres_url)
    assert content(postgres_url) == before
