"""What is SQLite's own: the journal, the library's version, damaged files, full disks, several processes."""

import os
import resource
import subprocess
import sys
import threading

import pytest

from monitor.model.delivery import OutboxState
from monitor.model.errors import Invariant, StoreBusy, StoreFailed, StoreRefused, WrongUse
from monitor.store import sqlite as module
from monitor.store.open import open_store
from monitor.store.sqlite import SqliteEngine, check_file, checked_copy, copy_file, wal_is_safe


@pytest.fixture
def path(tmp_path):
    return tmp_path / "monitor.db"


@pytest.fixture
def engine(path):
    engine = SqliteEngine(path, busy_timeout_s=1)
    with engine.writing() as statements:
        statements.script("CREATE TABLE t (id @identity, body @bytes) @strict")
    yield engine
    engine.close()


def pragma(engine, name):
    with engine._pool.lend() as connection:
        return connection.pragma(name)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.6.23", True), ("3.7.0", False), ("3.40.1", False), ("3.44.5", False), ("3.44.6", True), ("3.45.0", False),
        ("3.50.6", False), ("3.50.7", True), ("3.51.0", False), ("3.51.2", False), ("3.51.3", True), ("3.54.1", True), ("4.0.0", True),
    ],
)  # fmt: skip
def test_releases_with_the_wal_reset_bug_are_known(version, safe):
    assert wal_is_safe(version) is safe


def test_a_file_is_refused_with_a_library_that_can_corrupt_it(path, monkeypatch):
    monkeypatch.setattr(module.apsw, "sqlite_lib_version", lambda: "3.46.1")
    with pytest.raises(StoreRefused, match=r"3\.46\.1 can corrupt .* install apsw 3\.51\.3"):
        SqliteEngine(path, busy_timeout_s=1)
    assert not path.exists()
    SqliteEngine(None, busy_timeout_s=1).close()


def test_files_are_in_wal_mode_and_commits_reach_the_disk(engine):
    for name, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}.items():
        assert pragma(engine, name) == value, name


def test_every_connection_is_set_up_alike(engine):
    with engine.reading(), engine.reading(), engine.reading():
        pass
    assert len(engine._pool._idle) == 3
    assert {connection.pragma("synchronous") for connection in engine._pool._idle} == {2}


def test_the_last_close_folds_the_journal_in(engine, path):
    assert path.with_name("monitor.db-wal").exists()
    engine.close()
    assert sorted(item.name for item in path.parent.iterdir()) == ["monitor.db", "monitor.db.lock"]


def test_a_broken_constraint_is_our_fault(engine):
    def twice():
        with engine.writing() as statements:
            statements.run_many("INSERT INTO t (id) VALUES (:id)", [{"id": 1}, {"id": 1}])

    with pytest.raises(Invariant, match="UNIQUE"):
        twice()
    with engine.reading() as statements:
        assert statements.run("SELECT * FROM t") == []


def test_wrong_sql_is_a_failure_with_sqlites_words(engine):
    with pytest.raises(StoreFailed, match="no such table: absent"), engine.reading() as statements:
        statements.run("SELECT * FROM absent")


def test_a_stream_gives_rows_by_name(engine):
    with engine.writing() as statements:
        statements.run_many("INSERT INTO t (id, body) VALUES (:id, :body)", ({"id": number, "body": b"x"} for number in (1, 2)))
        assert list(statements.stream("SELECT * FROM t ORDER BY id")) == [{"id": 1, "body": b"x"}, {"id": 2, "body": b"x"}]


def test_a_file_that_is_no_database_is_refused(path):
    path.write_bytes(b"hello" * 1000)
    with pytest.raises(StoreRefused, match="no SQLite database"):
        open_store(f"sqlite:///{path}")
    with pytest.raises(StoreRefused, match="no SQLite database"):
        check_file(path)


def test_a_damaged_file_is_found(path, make):
    store = open_store(f"sqlite:///{path}")
    store.upgrade()
    store.save_poll([(make.article(number), make.analysis(f"a{number:05}", "r")) for number in range(200)], make.state("f"))
    store.close()
    check_file(path)
    data = bytearray(path.read_bytes())
    for page in range(4096 * 4, len(data), 4096):
        data[page : page + 64] = os.urandom(64)
    path.write_bytes(data)
    with pytest.raises(StoreRefused, match=r"damaged|malformed"):
        check_file(path)
    with pytest.raises(StoreRefused):
        copy_file(path, path.with_name("copy.db"))
    assert not path.with_name("copy.db").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreRefused, match="cannot be written"):
        open_store(f"sqlite:///{tmp_path}/monitor.db")


def test_a_folder_in_the_place_of_the_file_is_refused(path):
    path.mkdir()
    with pytest.raises(StoreRefused, match="cannot be opened"):
        open_store(f"sqlite:///{path}")


def test_a_full_disk_is_told_and_leaves_the_database_sound(path, make):
    """RLIMIT_FSIZE stands for the full disk: writes beyond it fail as on one."""
    code = f"""
import resource, signal, sys
from monitor.store.open import open_store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store("sqlite:///{path}")
store.upgrade()
store.set_setting("before", "kept")
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
try:
    store.set_setting("big", "x" * 3_000_000)
except Exception as error:
    print(type(error).__name__, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.set_setting("after", "kept too")
store.close()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("StoreFailed"), done.stdout
    check_file(path)
    store = open_store(f"sqlite:///{path}")
    assert [store.setting(key) for key in ("before", "big", "after")] == ["kept", None, "kept too"]
    store.close()


def test_a_copy_that_does_not_fit_leaves_no_file(engine, path, monkeypatch):
    with engine.writing() as statements:
        statements.run("INSERT INTO t (body) VALUES (:body)", {"body": os.urandom(200_000)})
    old = path.with_name("copy.db")
    old.write_bytes(b"the copy of yesterday")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limit[1]))
    try:
        with pytest.raises(StoreFailed):
            engine.backup(old)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert old.read_bytes() == b"the copy of yesterday"
    assert not list(path.parent.glob(".copy*"))


def test_a_copy_is_checked_before_it_takes_its_name(engine, path, monkeypatch):
    def damaged(_):
        raise StoreRefused("damaged")

    monkeypatch.setattr(module, "check_file", damaged)
    with pytest.raises(StoreRefused):
        engine.backup(path.with_name("copy.db"))
    assert not list(path.parent.glob("*copy*"))


def test_a_copy_over_the_database_itself_is_refused(engine, path):
    with pytest.raises(WrongUse, match="itself"):
        engine.backup(path.parent / "." / path.name)


def test_copies_are_consistent_while_others_write(path, make):
    """Every poll writes one article and its number into the feed's state; in each copy they must agree."""
    store = open_store(f"sqlite:///{path}")
    store.upgrade()
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            store.save_poll([(make.article(number), make.analysis(f"a{number:05}"))], make.state("feed", entries=number))

    writer = threading.Thread(target=write)
    writer.start()
    counts = []
    try:
        for turn in range(5):
            target = path.with_name(f"copy{turn}.db")
            store.backup(target)
            copy = open_store(f"sqlite:///{target}")
            from monitor.store.promises import ArticleQuery

            states = copy.feed_states()
            counts.append(copy.count_articles(ArticleQuery()))
            assert counts[-1] == (states["feed"].entries if states else 0)
            copy.close()
    finally:
        stop.set()
        writer.join(30)
        store.close()
    assert counts == sorted(counts)
    assert counts[-1] > counts[0], "the writer went on"


def test_another_process_may_use_the_file_at_the_same_time(path, make):
    store = open_store(f"sqlite:///{path}")
    store.upgrade()
    make.frozen(store, 2)
    code = f"""
from monitor.store.open import open_store
store = open_store("sqlite:///{path}")
print(store.abort(edition="weekly/2019-03-11"))
store.close()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "2\n", done.stderr
    assert store.outbox_counts() == {OutboxState.ABORTED: 2}
    store.close()


def test_a_database_in_memory_has_one_transaction_at_a_time():
    engine = SqliteEngine(None, busy_timeout_s=0.05)
    with engine.writing(), pytest.raises(StoreBusy, match="another thread"), engine.reading():
        pass
    engine.close()


def test_memory_can_be_copied_to_a_file(in_memory, tmp_path):
    in_memory.set_setting("a", "b")
    in_memory.backup(tmp_path / "deep" / "copy.db")
    store = open_store(f"sqlite:///{tmp_path}/deep/copy.db")
    assert store.setting("a") == "b"
    store.close()


def test_a_copy_replaces_an_older_one(engine, path):
    target = path.with_name("copy.db")
    target.write_text("old")
    with engine._pool.lend() as connection:
        checked_copy(connection, target)
    check_file(target)


def test_a_relaxed_commit_does_not_wait_for_the_disk_and_the_next_one_does(tmp_path):
    engine = SqliteEngine(tmp_path / "monitor.db", busy_timeout_s=1)
    with engine.writing(relaxed=True) as statements:
        [inside] = statements.run("PRAGMA synchronous")
        statements.run("CREATE TABLE t (a INTEGER)")
    assert inside["synchronous"] == 1
    with pytest.raises(Invariant), engine.writing(relaxed=True) as statements:
        raise Invariant
    with engine.writing() as statements:
        assert statements.run("PRAGMA synchronous") == [{"synchronous": 2}]
        assert statements.run("SELECT COUNT(*) AS n FROM t") == [{"n": 0}]
    engine.close()
