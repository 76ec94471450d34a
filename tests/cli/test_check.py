"""`monitor check`, `settings`, `lint`: whether everything is as it must be."""

import json
from datetime import UTC, datetime

NOW = datetime(2019, 3, 6, tzinfo=UTC)


def test_sound_files_are_counted(desk):
    assert "1 feed (1 polled), 1 rule, 0 names, 1 digest; 0 findings" in desk.run("check").stdout
    assert desk.lines("check") == []


def test_problems_of_every_file_are_told_at_once_with_their_place(desk):
    desk.write("rules/talks.yml", "schema: 1\nid: speech\n")
    desk.write("seeds/press.yml", "feeds:\n  - {id: gazette, name: Gazette, url: 'gopher://x'}\n")
    file = desk.home / "digests" / "weekly" / "digest.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("weekday: monday", "weekday: mondy"), encoding="utf-8")
    out = desk.run("check", expect=2).stdout
    assert "Nothing was loaded." in out
    problems = desk.lines("check", expect=2)
    assert {problem["file"].rpartition("/")[2] for problem in problems} == {"talks.yml", "press.yml", "digest.yml"}
    assert all(problem["line"] > 0 and problem["code"] and problem["message"] for problem in problems)
    weekday = next(problem for problem in problems if "mondy" in problem["message"])
    assert "monday" in weekday["mend"]


def test_a_warning_fails_a_strict_check_only(desk):
    file = desk.home / "rules" / "talks.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace('talks: {en: ["talks"]}', 'talks: {en: ["talks", "mee*"]}'), encoding="utf-8"
    )
    assert "1 finding" in desk.run("check").stdout
    assert desk.run("check", "--strict", expect=1)


def test_live_asks_disk_database_zone_relay_and_every_feed(desk, mail_sink):
    desk.run = desk.at(NOW, MONITOR_SMTP__HOST="127.0.0.1", MONITOR_SMTP__PORT=str(mail_sink.port))
    out = desk.run("check", "--live").stdout
    for words in ("disk", "archive", "database", "zones", "relay", "gazette", "“The Gazette of loopback”, 2 entries"):
        assert words in out
    assert "✗" not in out
    tests = {row["test"]: row["well"] for row in desk.lines("check", "--live")}
    assert all(tests.values())
    assert "gazette" in tests


def test_live_ends_with_1_where_the_world_is_not_well(desk):
    desk.server._scripts["/feed.xml"].clear()
    desk.run = desk.at(NOW, MONITOR_SMTP__HOST="127.0.0.1", MONITOR_SMTP__PORT="1")
    tests = {row["test"]: row["well"] for row in desk.lines("check", "--live", expect=1)}
    assert (tests["database"], tests["relay"], tests["gazette"]) == (True, False, False)
    assert "✗" in desk.run("check", "--live", expect=1).stdout


def test_settings_are_shown_with_what_they_mean_and_without_secrets(desk):
    out = desk.run("settings").stdout
    assert f"MONITOR_HOME={desk.home}" in out
    assert "Seconds between two requests to one host" in out
    assert "a test's own" not in out
    [shown] = desk.lines("settings")
    assert shown["MONITOR_FETCH__HOST_DELAY_S"] == "0.0"
    assert "a test's own" not in json.dumps(shown)


def test_lint_passes_a_mail_of_ours_and_fails_another(desk):
    desk.run("publish", "weekly", "--week", "2019-W09", "--dry-run", "--out", "trial", "--lang", "en")
    assert desk.run("lint", desk.home / "trial" / "weekly" / "2019-W09" / "en" / "message.eml")
    bad = desk.write("bad.eml", "From: a@example.org\r\n\r\nHello\r\n")
    problems = desk.lines("lint", bad, expect=1)
    assert any("To is missing" in problem["message"] for problem in problems)


def test_lint_tells_a_confirmation_from_an_edition(desk):
    fields = "From: Weekly <digest@x.org>\nTo: ann@example.org\nSubject: Please confirm\nDate: Mon, 11 Mar 2019 05:00:00 +0000\n"
    fields += "Message-ID: <c.1@x.org>\nAuto-Submitted: auto-generated\nContent-Language: en\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    file = desk.write("mail.eml", "")
    file.write_bytes(f"{fields}\nhttps://x.org/c/T\n".replace("\n", "\r\n").encode())
    assert "judged as a confirmation" in desk.run("lint", str(file)).stdout
    assert {problem["code"] for problem in desk.lines("lint", str(file), "--kind", "edition", expect=1)} >= {"M106", "M107"}


def test_mappings_of_mail_providers_are_checked_with_the_rest(desk):
    desk.write(
        "hooks/ours.yml", "title: Ours\nproof: {scheme: basic}\nfields: {kind: event, reference: a}\nmeanings: {spam: complant}\n"
    )
    [problem] = desk.lines("check", expect=2)
    assert (problem["code"], problem["line"]) == ("B004", 4)
    assert "complaint" in problem["mend"]
