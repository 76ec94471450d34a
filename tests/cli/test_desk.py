"""`monitor desk`: a draft from its making to its correction, and what is told on the way."""

import json
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.store.open import open_store

MONDAY = datetime(2019, 3, 11, 5, tzinfo=UTC)
WEEKLY = "weekly/2019-03-11"


@pytest.fixture
def reviewed(desk):
    """A week with one article of which a draft was composed; there is one reader."""
    desk.run("poll")
    file = desk.home / "digests" / "weekly" / "digest.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("review: none", "review: required"), encoding="utf-8")
    desk.run = desk.at(MONDAY)
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    [made] = desk.lines("publish", "weekly", "--week", "2019-W10")
    assert (made["edition"], made["draft"], made["fresh"]) == (WEEKLY, "waiting", True)
    desk.run = desk.at(MONDAY + timedelta(hours=3))
    return desk


def draft_of(desk, language="en", edition=WEEKLY):
    return desk.run("desk", "show", edition, "--lang", language).stdout


def test_drafts_are_listed_with_age_and_what_happens_to_them(reviewed):
    out = reviewed.run("desk", "show").stdout
    assert WEEKLY in out
    assert "3 h" in out
    assert "waits for approval since 2019-03-11 05:00 UTC" in out
    assert "2 items" not in out
    assert "nothing was composed anew" in reviewed.run("publish", "weekly", "--week", "2019-W10").stdout
    assert reviewed.lines("outbox", "list") == []
    assert not (reviewed.home / "out").exists()


def test_the_healthcheck_is_well_and_names_what_waits_for_a_person(reviewed):
    with closing(open_store(f"sqlite:///{reviewed.home}/var/monitor.db")) as store:
        store.heartbeat("scheduler", datetime.now(UTC))
        assert f"well; desk degraded: {WEEKLY} waiting since 2019-03-11" in reviewed.run("healthcheck").stdout
        reviewed.run("desk", "drop", WEEKLY)
        store.heartbeat("scheduler", datetime.now(UTC))
        assert reviewed.run("healthcheck").stdout.strip() == "well"


def test_a_draft_is_edited_by_file_and_what_changed_is_listed(reviewed):
    (reviewed.home / "mine.md").write_text(
        draft_of(reviewed).replace("{#note}\n", "{#note}\n\nRead with care.\n"), encoding="utf-8"
    )
    assert "1 edit of the desk" in reviewed.run("desk", "edit", "weekly", "--file", "mine.md").stdout
    out = reviewed.run("desk", "show", "weekly").stdout
    assert "note of the desk: Read with care." in out
    [told] = reviewed.lines("desk", "show", WEEKLY)
    assert [len(one["edits"]) for one in told["languages"].values()] == [1, 0]
    assert "Read with care." in draft_of(reviewed)
    stale = reviewed.run("desk", "edit", WEEKLY, "--file", "mine.md", expect=2)
    assert "K002" in stale.stderr
    assert "0 edits" in reviewed.run("desk", "edit", WEEKLY, "--undo").stdout
    assert "Nothing was changed" in reviewed.run("desk", "edit", WEEKLY, "--file", "-", stdin=draft_of(reviewed)).stdout


def test_a_file_with_problems_is_refused_with_all_of_them(reviewed):
    wrong = (
        draft_of(reviewed)
        .replace("agreed on talks about the bridge, the", "refused talks, the")
        .replace("language: en", "language: fr")
    )
    (reviewed.home / "wrong.md").write_text(wrong, encoding="utf-8")
    told = reviewed.run("desk", "edit", WEEKLY, "--file", "wrong.md", expect=2).stderr
    assert "wrong.md:3:1" in told
    assert "K006" in told
    assert "put back" in told
    [draft] = reviewed.lines("desk", "show", WEEKLY)
    assert draft["version"] == 1


def test_an_editor_is_opened_and_a_refused_text_is_kept(reviewed):
    script = reviewed.home / "editor.py"
    script.write_text(
        "import pathlib, sys\nold, new, name = sys.argv[1:]\nfile = pathlib.Path(name)\n"
        "file.write_text(file.read_text(encoding='utf-8').replace(old, new), encoding='utf-8')\n",
        encoding="utf-8",
    )
    good = reviewed.at(
        MONDAY, VISUAL=f"{sys.executable} {script} '{{#note}}' '{{#note}}\n\nA word.\n'", TMPDIR=str(reviewed.home)
    )
    assert "1 edit" in good("desk", "edit", WEEKLY).stdout
    bad = reviewed.at(MONDAY, VISUAL=f"{sys.executable} {script} 'edition: ' 'edition: x'")
    refused = bad("desk", "edit", WEEKLY, expect=2)
    assert "Your text is kept" in refused.stdout
    kept = Path(refused.stdout.split("--file ")[1].strip().rstrip("`"))
    assert "edition: xweekly" in kept.read_text(encoding="utf-8")
    kept.unlink()


def test_a_held_draft_is_approved_goes_out_once_and_is_corrected(reviewed):
    assert "held since" in reviewed.run("desk", "hold", "weekly", "--why", "a name").stdout
    assert "held since 2019-03-11 08:00 UTC: a name" in reviewed.run("desk", "show").stdout
    assert "1 message in the outbox" in reviewed.run("desk", "approve", "weekly").stdout
    assert "is out since" in reviewed.run("desk", "approve", WEEKLY, expect=2).stderr
    assert "No draft waits." in reviewed.run("desk", "show").stdout
    assert "out" in reviewed.run("desk", "show", "--all").stdout
    folder = reviewed.home / "out" / "weekly" / "2019-W10"
    first = (folder / "en" / "index.html").read_bytes()
    assert "write a language" in reviewed.run("desk", "revise", WEEKLY, "--what", "wrong", expect=2).stderr
    out = reviewed.run("desk", "revise", WEEKLY, "--what", "en=A name was wrong.").stdout
    assert "what changed: A name was wrong." in out
    assert "not said yet" in out
    assert "must tell its readers" in reviewed.run("desk", "approve", f"{WEEKLY}/2", expect=2).stderr
    reviewed.run("desk", "revise", WEEKLY, "--what", "be=Імя было іншае.", "--mail")
    [out] = reviewed.lines("desk", "approve", f"{WEEKLY}/2")
    assert (out["edition"], out["messages"]) == (f"{WEEKLY}/2", 1)
    assert (folder / "en-r1" / "index.html").read_bytes() == first
    corrected = json.loads((folder / "en" / "edition.json").read_text(encoding="utf-8"))
    assert (corrected["revision"], corrected["corrections"][0]["text"]) == (2, "A name was wrong.")
    assert [row["edition"] for row in reviewed.lines("outbox", "list")] == [WEEKLY, f"{WEEKLY}/2"]


def test_a_dropped_draft_is_gone_and_a_recomposed_one_keeps_its_edits(reviewed):
    text = draft_of(reviewed).replace("{#note}\n", "{#note}\n\nA word.\n")
    reviewed.run("desk", "edit", WEEKLY, "--file", "-", stdin=text)
    assert "note of the desk: A word." in reviewed.run("desk", "recompose", WEEKLY).stdout
    assert "dropped: empty" in reviewed.run("desk", "drop", WEEKLY, "--why", "empty").stdout
    assert "No draft waits." in reviewed.run("desk", "show").stdout
    assert "open are: none" in reviewed.run("desk", "approve", "weekly", expect=2).stderr


@pytest.mark.parametrize("name", ["weekly/2019-99-99", "weekly/2019-03-18", "none"])
def test_an_edition_that_is_not_out_cannot_be_corrected(reviewed, name):
    told = reviewed.run("desk", "revise", name, "--what", "en=x", expect=2).stderr
    assert name in told
