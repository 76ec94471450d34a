"""The command as a whole: help, exit codes, streams, and every way to go wrong told in one line."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from monitor.cli import main
from monitor.cli.main import VERBS, run
from monitor.version import __version__

NOW = datetime(2019, 3, 6, tzinfo=UTC)


def test_help_names_every_verb_without_loading_any():
    code = "import sys; from monitor.cli.main import run; run(['--help']); print([m for m in sys.modules if m in ('trafilatura', 'apsw', 'uvicorn')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [verb for verb in VERBS if f"  {verb} " not in done.stdout] == []
    assert done.stdout.splitlines()[-1] == "[]"


def test_version_is_told(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"monitor, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nosuch"], "No such command"),
        (["poll", "--nosuch"], "No such option"),
        (["publish"], "Missing argument"),
        (["poll", "nobody"], "no such feed: nobody"),
        (["publish", "monthly"], "no such digest: monthly; there are weekly"),
        (["publish", "weekly", "--lang", "fr"], "not made in fr; its languages are en, be"),
        (["publish", "weekly", "--week", "2019-W60"], "not an ISO week"),
        (["publish", "weekly", "--week", "2031-W01"], "has not come yet"),
        (["articles", "show", "zz"], "no article has an id that begins with zz"),
        (["articles", "list", "--since", "soon"], "no date like"),
        (["articles", "list", "--since", "99999999999999d"], "no date like"),
        (["rules", "test", "nosuch"], "no such rule: nosuch"),
        (["subscribers", "add", "weekly", "nobody"], "no mail address"),
        (["subscribers", "add", "monthly", "a@example.org"], "no such digest: monthly"),
        (["subscribers", "add", "weekly", "a@example.org", "--lang", "fr"], "not made in fr"),
        (["outbox", "list", "--state", "lost"], "'lost' is not one of"),
        (["match", "absent.jsonl"], "absent.jsonl"),
        (["extract", "absent.html"], "absent.html"),
        (["restore", "absent.db"], "absent.db"),
    ],
)
def test_wrong_use_ends_with_2_and_one_line_that_says_why(desk, arguments, words):
    done = desk.run(*arguments, expect=2)
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_wrong_files_end_with_2_and_every_problem_in_its_place(desk):
    desk.write("rules/talks.yml", "schema: 1\nid: speech\n")
    desk.write("seeds/press.yml", "feeds:\n  - {id: gazette, name: Gazette, url: 'gopher://x'}\n")
    done = desk.run("poll", expect=2)
    assert "talks.yml:2:" in done.stderr
    assert "press.yml:2:" in done.stderr
    assert "Nothing was loaded." in done.stderr


def test_a_wrong_setting_ends_with_2(desk):
    done = desk.at(NOW, MONITOR_FETCH__HOST_DELAY="1")("articles", "list", expect=2)
    assert "MONITOR_FETCH__HOST_DELAY " in done.stderr
    assert "MONITOR_FETCH__HOST_DELAY_S" in done.stderr


def test_a_world_that_fails_ends_with_3(desk):
    desk.write("var/monitor.db", "this is no database, and it is long enough to be read as one" * 40)
    done = desk.run("articles", "list", expect=3)
    assert "no SQLite database" in done.stderr
    desk.write("file", "")
    done = desk.run("publish", "weekly", "--week", "2019-W09", "--out", "file/below", expect=3)
    assert done.stderr


def test_a_place_that_cannot_be_written_ends_with_3_and_its_name(desk):
    desk.write("file", "")
    done = desk.run("publish", "weekly", "--week", "2019-W09", "--out", "file/below", "--dry-run", expect=3)
    assert "file/below" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_line_that_is_not_utf8_is_a_finding_and_the_others_count(desk):
    (desk.home / "people.csv").write_bytes("address\nж@example.org\nann@example.org\n".encode("cp1251"))
    done = desk.run("subscribers", "import", "people.csv", "--digest", "weekly", expect=1)
    assert done.stderr.count("people.csv:2:1") == 1
    assert "not UTF-8" in done.stderr
    assert "1 subscription added" in done.stdout


def test_output_whose_reader_leaves_is_no_failure(desk):
    rows = "".join(f'{{"id": {number}, "title": "Talks", "text": ""}}\n' for number in range(30_000))
    file = desk.write("many.jsonl", rows)
    command = [sys.executable, "-m", "monitor", "match", str(file)]
    with subprocess.Popen(
        command, env=desk.run.environment, cwd=desk.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_an_interrupt_ends_with_130(monkeypatch, capsys):
    monkeypatch.setattr(main.monitor, "main", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt))
    assert run(["poll"]) == 130
    assert "stopped" in capsys.readouterr().err


def test_machines_get_no_colour_and_people_off_a_terminal_neither(desk):
    for arguments in (["check"], ["feeds", "list"], ["poll"], ["articles", "list"], ["settings"]):
        assert "\x1b" not in desk.run(*arguments).stdout
