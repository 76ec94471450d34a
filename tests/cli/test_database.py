"""`monitor backup`, `restore`, `db`: copies that can be trusted."""

from importlib import resources

import pytest

LATEST = max(int(file.name[:4]) for file in resources.files("monitor.store.migrations").iterdir() if file.name.endswith(".sql"))


@pytest.fixture
def kept(desk):
    desk.run("poll")
    desk.run("subscribers", "add", "weekly", "ann@example.org")
    return desk


def test_a_copy_put_back_holds_what_was_copied(kept):
    before = kept.lines("articles", "list")
    assert "written copy.db" in kept.run("backup", "copy.db").stdout
    kept.run("subscribers", "add", "weekly", "bob@example.org")
    assert "Sending is paused" in kept.run("restore", "copy.db").stdout
    assert kept.lines("articles", "list") == before
    assert [row["address"] for row in kept.lines("subscribers", "list")] == ["ann@example.org"]


def test_what_is_no_backup_is_refused_and_the_database_left_alone(kept):
    before = kept.lines("articles", "list")
    kept.write("junk.db", "no database at all " * 100)
    assert kept.run("restore", "junk.db", expect=3).stderr
    assert kept.lines("articles", "list") == before


def test_a_copy_onto_the_database_itself_is_wrong_use(kept):
    assert "the database itself" in kept.run("backup", "var/monitor.db", expect=2).stderr


def test_status_tells_both_schemas_and_upgrade_brings_them_together(desk):
    assert f"database: schema 0; program: schema {LATEST}." in desk.run("db", "status", expect=1).stdout
    assert "applied" in desk.run("db", "upgrade").stdout
    assert "Nothing to do." in desk.run("db", "upgrade").stdout
    assert f"database: schema {LATEST}; program: schema {LATEST}." in desk.run("db", "status").stdout


def test_a_command_leaves_the_database_in_one_piece(kept):
    assert [path.name for path in (kept.home / "var").glob("*-wal")] == []


def test_a_service_that_never_ran_is_not_well(desk):
    assert desk.run("healthcheck", expect=1).stdout.count("\n") == 1
    desk.run("db", "upgrade")
    assert desk.run("healthcheck", expect=1).stdout == "the scheduler has never run here\n"
