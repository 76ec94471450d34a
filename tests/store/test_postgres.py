"""What is PostgreSQL's own: its parameters, its errors, its locks. The cases with a server need MONITOR_TEST_POSTGRES_URL."""

import threading

import psycopg
import pytest

from monitor.model.errors import Invariant, StoreBusy, StoreFailed, StoreRefused
from monitor.store.open import open_store
from monitor.store.postgres import PostgresEngine, in_psycopg, without_secret


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT :a, :b_c", "SELECT %(a)s, %(b_c)s"),
        ("SELECT x::text, :a::json", "SELECT x::text, %(a)s::json"),
        ("x LIKE 'a%' AND y = :y", "x LIKE 'a%%' AND y = %(y)s"),
        ("id IN @ints(ids)", "id IN (SELECT json_array_elements_text(%(ids)s::json)::bigint)"),
        ("ORDER BY o.id LIMIT :n @claim_lock(o)", "ORDER BY o.id LIMIT %(n)s FOR UPDATE OF o SKIP LOCKED"),
    ],
)
def test_our_sql_becomes_psycopgs(ours, theirs):
    assert in_psycopg(ours) == theirs


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:s3cret@host:5432/db", "postgresql://ann:…@host:5432/db"),
        ("postgresql://ann@host/db?password=s3cret", "postgresql://ann@host/db"),
        ("postgresql:///db", "postgresql:///db"),
        ("postgres://:s3cret@host/db", "postgres://:…@host/db"),
    ],
)
def test_a_url_is_shown_without_its_secret(url, shown):
    assert without_secret(url) == shown


def test_a_server_that_does_not_answer_may_be_asked_again(tmp_path):
    with pytest.raises(StoreBusy, match="does not answer") as caught:
        open_store(f"postgresql://ann:s3cret@/db?host={tmp_path}")
    assert "s3cret" not in str(caught.value)


@pytest.fixture
def engine(postgres_url):
    engine = PostgresEngine(postgres_url, busy_timeout_s=0.2)
    with engine.writing() as statements:
        statements.script("CREATE TABLE t (id @identity, n @int UNIQUE, body @bytes) @strict")
    yield engine
    engine.close()


def test_a_database_that_does_not_exist_is_refused(postgres_url):
    with pytest.raises((StoreRefused, StoreBusy), match="nowhere"):
        open_store(postgres_url.replace("/postgres?", "/nowhere?"))


def test_a_broken_constraint_is_our_fault(engine):
    def twice():
        with engine.writing() as statements:
            statements.run_many("INSERT INTO t (n) VALUES (:n)", [{"n": 1}, {"n": 1}])

    with pytest.raises(Invariant, match="unique"):
        twice()
    with engine.reading() as statements:
        assert statements.run("SELECT * FROM t") == []


def test_a_missing_table_says_what_to_do(engine):
    with pytest.raises(StoreFailed, match="monitor db upgrade"), engine.reading() as statements:
        statements.run("SELECT * FROM absent")


def test_a_lock_held_too_long_may_be_waited_for_again(engine):
    def wait():
        with engine.writing() as other:
            other.run("UPDATE t SET n = 3 WHERE n = 1")

    with engine.writing() as statements:
        statements.run("INSERT INTO t (n) VALUES (1)")
    with engine.writing() as statements:
        statements.run("UPDATE t SET n = 2 WHERE n = 1")
        with pytest.raises(StoreBusy) as caught:
            wait()
    assert caught.value.transient


def test_a_lost_connection_is_replaced(engine, postgres_url):
    with engine.reading() as statements:
        pid = statements.run("SELECT pg_backend_pid() AS pid")[0]["pid"]
    with psycopg.connect(postgres_url, autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(StoreBusy, match="does not answer"), engine.reading() as statements:
        statements.run("SELECT 1 AS one")
    with engine.reading() as statements:
        assert statements.run("SELECT 1 AS one") == [{"one": 1}]


def test_a_long_result_is_streamed(engine):
    with engine.writing() as statements:
        statements.run_many(
            "INSERT INTO t (n, body) VALUES (:n, :body)", ({"n": number, "body": b"\x00"} for number in range(501))
        )
        rows = list(statements.stream("SELECT n, body FROM t ORDER BY n"))
    assert [row["n"] for row in rows] == list(range(501))
    assert rows[0]["body"] == b"\x00"


def test_claims_do_not_wait_for_one_another(postgres_url, make):
    """One claimer holds its rows in an open transaction; another gets the others at once, where lock_timeout is short."""
    from monitor.store.outbox import _DUE

    store = open_store(postgres_url, busy_timeout_s=0.2)
    store.upgrade()
    make.frozen(store, 4)
    with store._engine.writing() as statements:
        held = [row["id"] for row in statements.run(_DUE, {"now": "2019-03-04", "most": 2})]
        taken = []
        thread = threading.Thread(target=lambda: taken.extend(store.claim("w2", make.now, make.now, 10)))
        thread.start()
        thread.join(10)
    assert len(taken) == 2
    assert not {message.id for message in taken} & set(held)
    store.close()
