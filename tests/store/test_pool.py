"""Lending connections."""

import pytest

from monitor.model.errors import StoreBusy, StoreFailed
from monitor.store.pool import Pool


class Connection:
    made = 0

    def __init__(self):
        self.closed = False
        self.sound = True

    def close(self):
        self.closed = True


@pytest.fixture
def made():
    return []


@pytest.fixture
def pool(made):
    return Pool("test", lambda: made.append(Connection()) or made[-1], lambda connection: connection.sound)


def test_a_returned_connection_is_lent_again(pool, made):
    for _ in range(3):
        with pool.lend():
            pass
    assert len(made) == 1


def test_borrowers_at_once_have_each_their_own(pool, made):
    with pool.lend() as one, pool.lend() as other:
        assert one is not other
    assert len(made) == 2


def test_an_unsound_connection_is_ended(pool, made):
    with pool.lend() as connection:
        connection.sound = False
    assert connection.closed
    with pool.lend() as other:
        assert other is not connection


def test_a_connection_comes_back_when_its_borrower_fails(pool, made):
    with pytest.raises(ZeroDivisionError), pool.lend():
        raise ZeroDivisionError
    with pool.lend():
        pass
    assert len(made) == 1


def test_closing_ends_idle_connections_now_and_lent_ones_when_they_come_back(pool, made):
    with pool.lend() as lent, pool.lend():
        pass
    with pool.lend() as lent:
        pool.close()
        assert not lent.closed
        assert all(connection.closed for connection in made if connection is not lent)
    assert lent.closed
    pool.close()
    with pytest.raises(StoreFailed, match="closed"), pool.lend():
        pass


def test_a_single_connection_is_waited_for(made):
    pool = Pool("test", Connection, lambda _: True, single=True, patience_s=0.01)
    with pool.lend(), pytest.raises(StoreBusy, match=r"longer than 0\.01 s"), pool.lend():
        pass
    with pool.lend():
        pass
    pool.close()
