"""Migrations: each in its transaction, once, forward only."""

import threading
from importlib.resources import files

import pytest

from monitor.model.errors import StoreFailed, StoreRefused
from monitor.store.migrate import Migration, shipped, upgrade, version_of
from monitor.store.open import open_engine, open_store
from monitor.store.sqlite import SqliteEngine

ONE = Migration(1, "0001_one", "CREATE TABLE one (id @identity, name @text NOT NULL) @strict")
TWO = Migration(2, "0002_two", "ALTER TABLE one ADD COLUMN more @int; CREATE TABLE two (id @identity) @strict")
WRONG = Migration(2, "0002_wrong", "CREATE TABLE two (id @identity) @strict; INSERT INTO absent (id) VALUES (1)")


@pytest.fixture(params=["file", "memory", "postgres"])
def engine(request, tmp_path):
    urls = {"file": f"sqlite:///{tmp_path}/monitor.db", "memory": "sqlite://"}
    engine = open_engine(urls.get(request.param) or request.getfixturevalue("postgres_url"), busy_timeout_s=5)
    yield engine
    engine.close()


def tables(engine):
    with engine.reading() as statements:
        return {row["name"] for row in statements.run("SELECT name FROM @tables")}


def schema(engine):
    """Every statement that makes the schema of an SQLite database."""
    with engine.reading() as statements:
        return statements.run("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")


def test_the_shipped_migrations_are_numbered_without_gaps():
    assert [step.version for step in shipped()] == list(range(1, len(shipped()) + 1))
    on_disk = [item.name for item in files("monitor.store").joinpath("migrations").iterdir() if item.name.endswith(".sql")]
    assert len(on_disk) == len(shipped())


def test_an_empty_database_gets_all_steps_in_order(engine):
    assert version_of(engine) == 0
    assert upgrade(engine, (ONE, TWO)) == ("0001_one", "0002_two")
    assert version_of(engine) == 2
    assert tables(engine) == {"one", "two", "schema_migration"}


def test_an_old_database_gets_the_missing_steps_and_keeps_its_rows(engine):
    upgrade(engine, (ONE,))
    with engine.writing() as statements:
        statements.run("INSERT INTO one (name) VALUES ('kept')")
    assert upgrade(engine, (ONE, TWO)) == ("0002_two",)
    with engine.reading() as statements:
        assert statements.run("SELECT name, more FROM one") == [{"name": "kept", "more": None}]


def test_upgrading_twice_does_nothing_the_second_time(engine):
    upgrade(engine, (ONE, TWO))
    assert upgrade(engine, (ONE, TWO)) == ()


def test_step_by_step_or_at_once_the_schema_is_the_same():
    step_by_step, at_once = (SqliteEngine(None, busy_timeout_s=1) for _ in range(2))
    for known in range(1, len(shipped()) + 1):
        upgrade(step_by_step, shipped()[:known])
    upgrade(at_once)
    assert schema(step_by_step) == schema(at_once) != []
    step_by_step.close()
    at_once.close()


def test_both_engines_get_the_same_tables_and_columns(postgres_url):
    postgres, sqlite = open_engine(postgres_url, busy_timeout_s=5), SqliteEngine(None, busy_timeout_s=1)
    for engine in (postgres, sqlite):
        upgrade(engine)
    assert tables(postgres) == tables(sqlite)
    with postgres.reading() as one, sqlite.reading() as other:
        sql = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        there = {(row["table_name"], row["column_name"]) for row in one.run(sql)}
        here = {
            (table, row["name"])
            for table in tables_of(other)
            for row in other.run("SELECT name FROM pragma_table_info(:t)", {"t": table})
        }
    assert there == here
    postgres.close()
    sqlite.close()


def tables_of(statements):
    return [row["name"] for row in statements.run("SELECT name FROM @tables")]


def test_a_step_that_fails_leaves_no_trace_and_can_be_mended(engine):
    upgrade(engine, (ONE,))
    with pytest.raises(StoreFailed, match="absent"):
        upgrade(engine, (ONE, WRONG))
    assert version_of(engine) == 1
    assert "two" not in tables(engine)
    assert upgrade(engine, (ONE, TWO)) == ("0002_two",)


def test_a_newer_schema_is_refused_with_both_versions(engine):
    upgrade(engine, (ONE, TWO))
    with pytest.raises(StoreRefused, match=r"schema 2, this program knows 1: install the version"):
        upgrade(engine, (ONE,))
    assert version_of(engine) == 2


def test_a_database_of_another_program_is_refused(engine):
    with engine.writing() as statements:
        statements.script("CREATE TABLE bookmarks (id @identity) @strict")
    with pytest.raises(StoreRefused, match="another program: it has a table bookmarks"):
        upgrade(engine)
    assert tables(engine) == {"bookmarks"}


def test_an_existing_file_is_copied_before_it_is_changed(tmp_path):
    engine = SqliteEngine(tmp_path / "monitor.db", busy_timeout_s=1)
    upgrade(engine, (ONE,))
    assert not list(tmp_path.glob("*schema*")), "nothing to keep of a new database"
    upgrade(engine, (ONE, TWO))
    engine.close()
    old = SqliteEngine(tmp_path / "monitor.db.schema-1", busy_timeout_s=1)
    assert version_of(old) == 1
    assert tables(old) == {"one", "schema_migration"}
    old.close()


def test_of_many_at_once_each_step_is_applied_by_one(tmp_path, request):
    many(f"sqlite:///{tmp_path}/monitor.db")


def test_of_many_at_once_on_one_server_each_step_is_applied_by_one(postgres_url):
    many(postgres_url)


def many(url):
    applied, gate = [], threading.Barrier(4)

    def work():
        store = open_store(url)
        gate.wait(10)
        applied.extend(store.upgrade())
        store.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(applied) == [step.name for step in shipped()]
