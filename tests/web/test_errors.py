"""What went wrong is told in the reader's language, with the headers of every page and the next step; why is told to the operator alone."""

import pytest
from structlog.testing import capture_logs

from monitor.model.errors import StoreBusy


@pytest.mark.parametrize(("language", "told"), [("en", "Not found"), ("be", "Не знойдзена"), ("ru", "Не найдено")])
def test_a_page_that_is_not_there_leads_on_in_the_readers_language(site, language, told):
    answer = site.get("/no/such/page/", Accept_Language=language)
    assert answer.status == 404
    assert told in answer.text
    assert 'href="/search"' in answer.text


def test_the_language_that_was_asked_for_by_address_stays(site):
    page = site.get("/no/such/page/?lang=be").text
    assert 'href="/search?lang=be"' in page
    assert '<a href="?lang=ru" hreflang="ru"' in page


def test_a_way_of_asking_that_is_not_taken_says_which_are(site):
    answer = site.ask("DELETE", "/sources/")
    assert (answer.status, set(answer.headers["Allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert "Not possible" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def fail_with(error, site, monkeypatch):
    def fails(*_args, **_more):
        raise error

    monkeypatch.setattr(type(site.world.store), "edition_heads", fails)


def test_a_store_that_does_not_answer_is_worth_another_try_and_tells_no_reason(site, monkeypatch):
    fail_with(StoreBusy("database is locked by 4711"), site, monkeypatch)
    with capture_logs() as logged:
        answer = site.get("/weekly/")
    assert (answer.status, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (503, "30", "no-store")
    assert "Please try again" in answer.text
    assert "4711" not in answer.text
    assert {
        "event": "page_not_made",
        "path": "/weekly/",
        "reason": "database is locked by 4711",
        "log_level": "warning",
    } in logged


def test_a_fault_of_ours_is_a_page_with_every_header_and_without_its_reason(site, monkeypatch):
    fail_with(ZeroDivisionError("4711 by zero"), site, monkeypatch)
    with capture_logs() as logged:
        answer = site.get("/weekly/?lang=ru")
    assert (answer.status, answer.headers["Cache-Control"]) == (500, "no-store")
    assert "Что-то пошло не так" in answer.text
    assert "4711" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert any(one["event"] == "page_failed" and one["reason"] == "ZeroDivisionError: 4711 by zero" for one in logged)
