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


def test_a_document_that_takes_too_much_memory_is_given_up_with_its_reason(make_compute):
    compute = make_compute(memory_mib=300)
    with pytest.raises(FeedUnreachable, match="more than 300 MiB of memory"):
        compute.run(bytes, 400 * 1024 * 1024)
    assert compute.run(divmod, 7, 2) == (3, 1)


def test_what_no_pipe_can_carry_is_told(make_compute):
    compute = make_compute()
    with pytest.raises(TypeError, match="cannot leave its worker"):
        compute.run(memoryview, b"x")
    assert compute.run(divmod, 7, 2) == (3, 1)


def test_a_worker_that_dies_costs_the_others_nothing(make_compute):
    compute = make_compute(2)

    def try_it(number):
        try:
            return compute.run(os._exit, 1) if number % 6 == 3 else compute.run(abs, -number)
        except FeedUnreachable as error:
            return str(error)

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(try_it, range(24)))
    died = "the parser process died on this document"
    assert outcomes == [died if number % 6 == 3 else number for number in range(24)]


def test_close_ends_a_worker_in_the_middle_of_its_work_and_whoever_waits_is_told(make_compute):
    compute = make_compute()
    pid = compute.run(os.getpid)
    told = []

    def wait():
        try:
            compute.run(time.sleep, 60)
        except FeedUnreachable as error:
            told.append(str(error))

    waiters = [threading.Thread(target=wait) for _ in range(3)]
    for waiter in waiters:
        waiter.start()
    while compute._places.qsize():
        threading.Event().wait(0.01)
    compute.close()
    for waiter in waiters:
        waiter.join(10)
    assert told == ["the service is ending"] * 3
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_pages_are_extracted_in_a_worker_as_here(make_compute):
    page = (
        b"<html lang='en'><title>On the bridge</title><body><h1>On the bridge</h1>"
        + b"<p>They met on the bridge and spoke.</p>" * 8
    )
    arguments = (page, "http://one.example/1", "text/html; charset=utf-8", datetime(2019, 3, 4, tzinfo=UTC))
    assert make_compute().run(extract_page, *arguments) == extract_page(*arguments)
