"""Logging in and out over HTTP: keys that nobody has seen, logins that end, limits, and nothing told to who guesses."""

import base64
import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest

from monitor.web.workbench.passwords import hashed


def attempt(browser, name="ann", password="wrong guess here", **fields):
    return browser.post("/desk/login/", {"name": name, "password": password, **fields})


PAGES = ("", "login/", "rules/", "rules/talks.yml/", "rules/talks.yml/save", "static/workbench.js", "new/", "logout/")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
def test_without_editors_there_is_no_workbench_and_nothing_tells_of_one(make_desk, method):
    browser = make_desk(editors={}).browser()
    other = browser.ask("GET", "/nothing/here/", b"").text
    for page in PAGES:
        answer = browser.ask(method, f"/desk/{page}", b"")
        assert answer.status == 404
        assert method != "GET" or answer.text == other


def test_who_is_not_logged_in_sees_the_login_and_comes_to_the_page_afterwards(desk, password):
    browser = desk.browser()
    answer = browser.get("/desk/rules/talks.yml/")
    assert (answer.status, answer.location) == (303, "/desk/login/?next=%2Fdesk%2Frules%2Ftalks.yml%2F")
    page = browser.get(answer.location)
    assert (page.status, 'name="next" value="/desk/rules/talks.yml/"' in page.text) == (200, True)
    done = attempt(browser, password=password, next="/desk/rules/talks.yml/")
    assert (done.status, done.location) == (303, "/desk/rules/talks.yml/")
    assert browser.get(done.location).status == 200
    assert browser.get("/desk/login/").location == "/desk/rules/"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/desk//evil.example", "/desk/../u/", "/desk/\\evil", "javascript:alert(1)", ""],
)
def test_the_login_leads_to_no_other_place(desk, password, wanted):
    assert attempt(desk.browser(), password=password, next=wanted).location == "/desk/rules/"


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(make_desk, password, secure):
    desk = make_desk(base_url="https://news.example.org" if secure else "http://localhost")
    cookie = SimpleCookie(attempt(desk.browser(), password=password).headers["Set-Cookie"])["desk"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], bool(cookie["secure"])) == (True, "strict", "/desk/", secure)


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(desk, told):
    browser = desk.browser()
    one, other = attempt(browser), attempt(browser, name="nobody")
    assert one.status == other.status == 403
    assert one.text == other.text
    assert "Set-Cookie" not in one.headers
    assert [(event, facts["editor"]) for event, facts in told] == [("editor_login_refused", "ann"), ("editor_login_refused", "")]


def test_a_password_of_absurd_length_is_refused(desk, password):
    assert attempt(desk.browser(), password=password + "x" * 5000).status == 403


def test_attempts_are_limited_by_visitor_whatever_the_name_and_come_back_with_time(desk, password):
    browser = desk.browser()
    found = [attempt(browser, name=f"guess{number}").status for number in range(12)]
    assert found == [403] * 10 + [429] * 2
    limited = attempt(desk.browser(), password=password)
    assert (limited.status, int(limited.headers["Retry-After"]) > 0) == (429, True)
    assert "1 minute" in limited.plain
    desk.later(seconds=31)
    assert attempt(desk.browser(), password=password).status == 303


def test_attempts_on_one_name_are_limited_wherever_they_come_from(make_desk, password):
    desk = make_desk(proxies="127.0.0.0/8")
    guess = {"name": "ann", "password": "x"}
    found = [desk.browser().post("/desk/login/", guess, X_Forwarded_For=f"198.51.{number}.1").status for number in range(12)]
    assert found == [403] * 10 + [429] * 2
    assert attempt(desk.browser(), name="bob").status == 403


def test_a_login_never_takes_over_a_key_that_was_there_before(desk, password):
    mallory, browser = desk.browser().log_in("bob", "staple of another kind"), desk.browser()
    browser.cookie, browser.csrf = mallory.cookie, mallory.csrf
    planted = browser.cookie
    assert attempt(browser, password=password).status == 303
    assert browser.cookie != planted
    assert mallory.get("/desk/rules/").status == 303


def test_logging_out_ends_the_login_for_every_copy_of_the_cookie(desk, ann, told):
    copy = desk.browser()
    copy.cookie = ann.cookie
    answer = ann.post("/desk/logout/")
    assert (answer.status, answer.location) == (303, "/desk/login/")
    assert 'desk="";' in answer.headers["Set-Cookie"]
    assert copy.get("/desk/rules/").status == 303
    assert told[-1] == ("editor_logged_out", {"editor": "ann"})


def test_an_idle_login_ends_and_one_in_use_ends_after_a_week(desk, ann):
    desk.later(hours=7, minutes=59)
    assert ann.get("/desk/rules/").status == 200
    desk.later(hours=7)
    assert ann.get("/desk/rules/").status == 200
    desk.later(hours=8)
    assert ann.get("/desk/rules/").status == 303
    other = desk.browser().log_in()
    for _ in range(23):
        desk.later(hours=7)
        assert other.get("/desk/rules/").status == 200
    desk.later(hours=7, minutes=1)
    assert other.get("/desk/rules/").status == 303


def test_another_password_or_another_list_of_editors_ends_logins(desk, ann):
    kept = desk.bench.editors["ann"]
    desk.bench.editors["ann"] = hashed("a new one entirely", (16, 1, 1))
    assert ann.get("/desk/rules/").status == 303
    desk.bench.editors["ann"] = kept
    assert ann.get("/desk/rules/").status == 200
    del desk.bench.editors["ann"]
    assert ann.get("/desk/rules/").status == 303


def other_name(cookie):
    key, _, signature = cookie.partition("=")[2].split(".")
    return f"desk={key}.{base64.urlsafe_b64encode(b'bob').decode()}.{signature}"


@pytest.mark.parametrize(
    "change",
    [
        lambda cookie: cookie[:-1] + ("0" if cookie[-1] != "0" else "1"),
        lambda cookie: cookie.rpartition(".")[0],
        lambda cookie: cookie.replace("desk=", "desk=x"),
        other_name,
        lambda _: "desk=..",
        lambda _: "desk=a.%ff.b",
        lambda _: "desk=" + "x" * 3000,
    ],
)
def test_a_cookie_that_was_changed_is_none_of_ours(desk, ann, change):
    browser = desk.browser()
    browser.cookie = change(ann.cookie)
    assert browser.get("/desk/rules/").status == 303


def test_the_key_itself_is_not_in_the_database(desk, ann):
    key = ann.cookie.partition("=")[2].split(".")[0]
    assert desk.store.session(key) is None


def test_the_door_leads_to_the_rules_and_keeps_the_language(desk):
    assert desk.browser().get("/desk/?lang=be").location == "/desk/rules/?lang=be"


@pytest.mark.parametrize(("language", "word"), [("en", "Log in"), ("be", "Увайсці"), ("ru", "Войти")])
def test_the_login_speaks_the_reader_s_language(desk, language, word):
    page = desk.browser().get("/desk/login/", Accept_Language=language)
    assert f'<html lang="{language}">' in page.text
    assert word in page.plain


@pytest.fixture
def behind_proxy(make_desk):
    return make_desk(editors={}, proxies="127.0.0.0/8", proxy_user_header="X-Remote-User")


def test_a_trusted_proxy_says_who_is_there(behind_proxy):
    browser = behind_proxy.browser()
    page = browser.get("/desk/rules/", X_Remote_User="carol")
    assert (page.status, "carol" in page.plain, 'id="logout"' in page.text) == (200, True, False)
    token = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert token is None or token[1]
    assert browser.get("/desk/rules/").status == 303
    assert "proxy" in browser.get("/desk/login/").plain


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\tb"])
def test_a_header_that_names_nobody_lets_nobody_in(behind_proxy, name):
    assert behind_proxy.browser().get("/desk/rules/", X_Remote_User=name).status == 303


def test_a_header_from_anywhere_else_is_not_believed(make_desk):
    desk = make_desk(proxies="192.0.2.0/24", proxy_user_header="X-Remote-User")
    assert desk.browser().get("/desk/rules/", X_Remote_User="ann").status == 303


def test_old_logins_are_forgotten_by_the_next_one(desk, ann):
    desk.later(days=8)
    desk.browser().log_in()
    now = desk.world.clock()
    assert desk.store.forget_sessions(made_before=now - timedelta(days=7), seen_before=now - timedelta(days=7)) == 0
