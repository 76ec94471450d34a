"""The page of a rule over HTTP: a text is tried beside the saved one, with and without script, and nothing of it is saved."""

import contextlib
import re
import socket
import threading
from urllib.parse import urlencode

import pytest

WIDER = ('talks: {en: ["talks"]}', 'talks: {en: ["talks", "negotiators"]}')


def wider(fields):
    return fields["yaml"].replace(*WIDER)


def test_the_page_holds_the_text_as_saved_and_its_controls_have_names(desk, ann):
    page = ann.get("/desk/rules/talks.yml/")
    assert ann.fields()["yaml"] == desk.rule.read_text(encoding="utf-8")
    for control in ("yaml", "days", "why"):
        assert f'<label for="{control}">' in page.text
        assert f'id="{control}"' in page.text
    assert "Press Try" in page.plain
    assert "<style" not in page.text
    assert not re.search(r"\son[a-z]+=|\sstyle=", page.text)
    assert re.findall(r"<script[^>]*>", page.text) == re.findall(r'<script src="/desk/static/[\w.]+" defer>', page.text)


def test_a_text_is_set_beside_the_saved_rule_and_nothing_is_saved(desk, ann):
    before = desk.rule.read_bytes()
    page = ann.send("try", yaml=wider(ann.fields()))
    assert page.status == 200
    assert "2 articles found. 1 newly found, 0 no longer found." in page.plain
    assert '<mark title="talks: negotiators">Negotiators</mark><span class="term">talks</span>' in page.text
    assert "all 3 articles of these days" in page.plain
    assert "its version is still 1" in page.plain
    assert "terms.talks.en negotiators" in page.plain
    assert desk.rule.read_bytes() == before
    assert desk.store.rule_versions("talks.yml") == ()


def test_what_is_no_longer_found_is_listed_with_the_reason(ann):
    page = ann.send("try", yaml=ann.fields()["yaml"].replace('["talks"]', '["negotiators"]'))
    assert "1 newly found, 1 no longer found." in page.plain
    lost = page.text.partition('<details id="lost"')[2].partition("</details>")[0]
    assert "require: talks" in lost
    assert "1 test fails" in page.plain


def test_a_script_gets_the_changing_part_alone(ann):
    answer = ann.post("/desk/rules/talks.yml/try", ann.fields(), X_Fragment="1")
    assert answer.status == 200
    assert answer.text.lstrip().startswith('<div id="outcome" data-summary="1 article found.')
    assert "<html" not in answer.text


def test_what_is_wrong_is_told_with_line_and_column_to_jump_to(ann):
    text = ann.fields()["yaml"].replace("window:", "windov:")
    page = ann.send("try", yaml=text)
    assert "1 error." in page.plain
    assert '<a class="jump" href="#yaml" data-line="19" data-column="3">line 19, column 3</a>' in page.text
    assert "E002" in page.plain
    assert 'did you mean "window"?' in page.plain


def test_warnings_refuse_nothing(ann):
    page = ann.send("try", yaml=ann.fields()["yaml"].replace('["agree*"]', '["ag*"]'))
    assert "W101" in page.plain
    assert "1 article found." in page.plain


def test_examples_are_tests_with_reason_and_line(ann):
    text = ann.fields()["yaml"].replace('title: "Harvest ends"', 'title: "Talks fail"')
    page = ann.send("try", yaml=text)
    assert "1 test fails." in page.plain
    assert "matches with score" in page.plain
    assert "data-line=" in page.text.partition('<ol class="examples">')[2]


def test_a_trial_says_which_part_of_the_archive_it_saw(make_desk):
    ann = make_desk(trial_articles=2).browser().log_in()
    assert "only the newest 2 of 3 articles" in ann.send("try").plain


@pytest.mark.parametrize(
    ("days", "shown"),
    [("7", "the last 7 days"), ("365", "the last 365 days"), ("9999", "the last 28 days"), ("x", "the last 28 days")],
)
def test_days_are_chosen_among_a_few(ann, days, shown):
    page = ann.send("try", days=days)
    assert re.search(rf"<option value=\"\d+\" selected>{shown}</option>", page.text)


def test_a_file_that_somebody_else_changed_is_noticed(desk, ann):
    fields = ann.fields()
    desk.rule.write_text(fields["yaml"] + "# theirs\n", encoding="utf-8")
    page = ann.post("/desk/rules/talks.yml/try", fields)
    assert "changed by somebody else" in page.plain
    assert f'name="base" value="{fields["base"]}"' in page.text


def test_a_newer_trial_of_the_same_editor_ends_the_older(desk):
    turns = desk.bench.turns
    first, other = turns.begin("ann", "talks.yml"), turns.begin("bob", "talks.yml")
    assert not first.over()
    second = turns.begin("ann", "talks.yml")
    assert (first.over(), second.over(), other.over()) == (True, False, False)


def test_a_browser_that_goes_away_ends_its_trial(desk, ann, monkeypatch):
    began, ended = threading.Event(), threading.Event()

    def endless(draft, store, now, bounds):
        began.set()
        pause = threading.Event()
        for _ in range(2000):
            if bounds.stopped():
                ended.set()
                break
            pause.wait(0.005)
        raise AssertionError("cancelled, or never")

    monkeypatch.setattr("monitor.web.workbench.rule_page.try_draft", endless)
    fields = ann.fields()
    browser = threading.Thread(target=leave, args=(ann, fields), daemon=True)
    browser.start()
    assert began.wait(10)
    browser.join(10)
    assert ended.wait(10)


def leave(ann, fields):
    """Send the form and hang up before the answer."""
    body = urlencode({**fields, "csrf": ann.csrf}).encode()
    head = f"POST /desk/rules/talks.yml/try HTTP/1.1\r\nHost: localhost\r\nCookie: {ann.cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", ann.port), timeout=10) as line:
        line.sendall(head.encode() + body)
        with contextlib.suppress(TimeoutError):
            line.settimeout(0.5)
            line.recv(1)


def test_too_many_trials_at_once_are_told_to_wait(desk, ann, monkeypatch):
    monkeypatch.setattr("monitor.web.workbench.bench.Turns.place.__wrapped__.__defaults__", (0.01,))
    with desk.bench.turns.place() as one, desk.bench.turns.place() as other:
        assert (one, other) == (True, True)
        with desk.bench.turns.place(0.01) as third:
            assert not third
        page = ann.send("try")
    assert page.status == 503
    assert "Others are trying rules" in page.plain


def test_the_text_of_the_editor_can_be_taken_along(ann):
    answer = ann.send("download", yaml="id: talks\n# мая")
    assert answer.text == "id: talks\n# мая\n"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="talks.yml"'


@pytest.mark.parametrize("language", ["be", "ru"])
def test_the_page_speaks_the_reader_s_language_and_keeps_it(ann, language):
    page = ann.send("try", yaml=wider(ann.fields()), language="x")
    page = ann.post(f"/desk/rules/talks.yml/try?lang={language}", {**ann.fields(), "yaml": wider(ann.fields())})
    assert f'<html lang="{language}">' in page.text
    assert "articles found" not in page.plain
    assert f'formaction="/desk/rules/talks.yml/save?lang={language}"' in page.text


def test_a_rule_without_archive_finds_nothing_and_says_so(make_desk):
    desk = make_desk(articles=[("Harvest", "Harvest")])
    page = desk.browser().log_in().send("try")
    assert "0 articles found." in page.plain
