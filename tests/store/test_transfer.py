"""Copying all rows from one store to another."""

import pytest

from monitor.model.errors import StoreRefused
from monitor.store.migrate import upgrade
from monitor.store.sqlite import SqliteEngine
from monitor.store.transfer import COUNTED, TABLES, copy_rows


@pytest.fixture
def pair():
    engines = SqliteEngine(None, busy_timeout_s=1), SqliteEngine(None, busy_timeout_s=1)
    yield engines
    for engine in engines:
        engine.close()


def test_every_table_is_copied(pair):
    upgrade(pair[0])
    with pair[0].reading() as statements:
        names = {row["name"] for row in statements.run("SELECT name FROM @tables")}
        counted = {row["name"] for row in statements.run("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")}
    assert set(TABLES) == names - {"schema_migration"}
    assert set(COUNTED) == counted


def test_rows_in_more_than_one_portion_arrive(pair):
    for engine in pair:
        upgrade(engine)
    with pair[0].writing() as statements:
        rows = ({"key": f"k{number}", "value": str(number)} for number in range(1001))
        statements.run_many("INSERT INTO setting (key, value) VALUES (:key, :value)", rows)
    copy_rows(*pair)
    with pair[1].reading() as statements:
        assert statements.run("SELECT COUNT(*) AS rows, MAX(value) AS last FROM setting") == [{"rows": 1001, "last": "999"}]


def test_a_store_that_was_not_upgraded_is_refused(pair):
    upgrade(pair[0])
    with pytest.raises(StoreRefused, match="target has schema 0"):
        copy_rows(*pair)


def test_a_source_with_a_strange_column_is_refused(pair):
    for engine in pair:
        upgrade(engine)
    with pair[0].writing() as statements:
        statements.script('ALTER TABLE setting ADD COLUMN "value) VALUES (1); --" TEXT')
        statements.run("INSERT INTO setting (key, value) VALUES ('a', 'b')")
    with pytest.raises(StoreRefused, match="none of ours"):
        copy_rows(*pair)
