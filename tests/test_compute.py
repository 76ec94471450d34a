"""Heavy functions here and in worker processes: results, errors, and what a dying or slow worker costs."""

import os
import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from monitor.article_page import extract_page
from monitor.compute import InlineCompute, ProcessCompute
from monitor.model.errors import FeedUnreachable, NotAFeed
from monitor.polling import _parse


@pytest.fixture
def make_compute():
    made = []

    def make(processes=1, **limits):
        made.append(ProcessCompute(processes, **limits))
        return made[-1]

    yield make
    for compute in made:
        compute.close()


def test_inline_gives_the_result_and_raises_the_functions_own_error():
    compute = InlineCompute()
    assert compute.run(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        compute.run(divmod, 7, 0)
    compute.close()


def test_a_worker_gives_the_result_and_raises_the_functions_own_error(make_compute):
    compute = make_compute()
    assert compute.run(divmod, 7, 2) == (3, 1)
    assert compute.run(os.getpid) != os.getpid()
    with pytest.raises(ZeroDivisionError):
        compute.run(divmod, 7, 0)
    assert compute.run(divmod, 7, 2) == (3, 1), "an error of the function is no fault of the worker"


def test_errors_of_the_tree_cross_the_border_whole(make_compute):
    with pytest.raises(NotAFeed) as caught:
        make_compute().run(_parse, b"<html><p>page</p></html>", "http://one.example/", "one", "text/html", False, "")
    assert caught.value.url == "http://one.example/"
    error = NotAFeed("it is a page", url="http://one.example/", status=200, retry_after_s=3.0)
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error)


def test_a_worker_that_dies_costs_that_document_only(make_compute):
    compute = make_compute()
    with pytest.raises(FeedUnreachable, match="died on this document") as caught:
        compute.run(os._exit, 1)
    assert caught.value.transient
    assert compute.run(divmod, 7, 2) == (3, 1)


def test_a_document_that_takes_too_long_is_given_up_and_its_worker_replaced(make_compute):
    compute = make_compute(timeout_s=5.0)
    old = compute.run(os.getpid)
    compute._timeout_s = 0.05
    with pytest.raises(FeedUnreachable, match="longer than 0 s"):
        compute.run(time.sleep, 60)
    compute._timeout_s = 20.0
    assert compute.run(os.getpid) != old


def test_those_who_wait_while_the_pool_is_renewed_are_told_and_go_on(make_compute):
    compute = make_compute()
    compute.run(abs, 1)
    outcomes = []

    def try_it(number):
        try:
            outcomes.append(compute.run(os._exit, 1) if number == 3 else compute.run(abs, number))
        except FeedUnreachable as error:
            outcomes.append(error)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(try_it, range(24)))
    assert len(outcomes) == 24, "every caller has a result or an error of the tree"
    assert any(isinstance(outcome, FeedUnreachable) for outcome in outcomes)
    assert compute.run(abs, -5) == 5


def test_close_ends_a_worker_in_the_middle_of_its_work_and_whoever_waits_is_told(make_compute):
    compute = make_compute()
    pid = compute.run(os.getpid)
    told = []

    def wait():
        try:
            compute.run(time.sleep, 60)
        except FeedUnreachable as error:
            told.append(error)

    waiter = threading.Thread(target=wait)
    waiter.start()
    while not compute._pool._pending_work_items:
        threading.Event().wait(0.01)
    compute.close()
    waiter.join(10)
    assert told
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_pages_are_extracted_in_a_worker_as_here(make_compute):
    page = (
        b"<html lang='en'><title>On the bridge</title><body><h1>On the bridge</h1>"
        + b"<p>They met on the bridge and spoke.</p>" * 8
    )
    arguments = (page, "http://one.example/1", "text/html; charset=utf-8", datetime(2019, 3, 4, tzinfo=UTC))
    assert make_compute().run(extract_page, *arguments) == extract_page(*arguments)
