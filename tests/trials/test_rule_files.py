"""Rule files named from afar: what is there and nothing else, written whole, never over what somebody else wrote."""

import os

import pytest

from monitor.model.errors import WorldFailed
from monitor.trials.rule_files import FileChanged, RuleFolder, digest_of


@pytest.fixture
def folder(rules, tmp_path):
    (rules / "east").mkdir()
    (rules / "east" / "ports.yml").write_text("id: ports\n", encoding="utf-8")
    (rules / "names").mkdir()
    (rules / "names" / "places.yml").write_text("x: 1\n", encoding="utf-8")
    (tmp_path / "secret.yml").write_text("id: secret\n", encoding="utf-8")
    return RuleFolder(rules)


def test_rule_files_are_named_by_their_path_inside_the_folder(folder):
    assert list(folder.files()) == ["east/ports.yml", "talks.yml"]
    assert folder.topics() == ("", "east")
    kept = folder.read("east/ports.yml")
    assert (kept.text, kept.digest) == ("id: ports\n", digest_of(b"id: ports\n"))


@pytest.mark.parametrize(
    "name",
    [
        "../secret.yml",
        "east/../../secret.yml",
        "/etc/hostname",
        "names/other.yml",
        "names",
        "names/../../secret.yml",
        "schema/rule.yml",
        "talks",
        "",
        ".",
        "east",
        "talks.yml/",
        "./talks.yml",
    ],
)
def test_a_name_that_is_not_listed_leads_nowhere(folder, name, tmp_path):
    assert folder.read(name) is None
    with pytest.raises(FileChanged):
        folder.write(name, "id: x\n", "")
    with pytest.raises(FileChanged):
        folder.take_away(name, "")
    assert (tmp_path / "secret.yml").read_text(encoding="utf-8") == "id: secret\n"


@pytest.mark.parametrize(
    "name",
    [
        "../other.yml",
        "/x.yml",
        "//x.yml",
        "east//x.yml",
        "east/./x.yml",
        "names/x.yml",
        ".hidden/x.yml",
        "lint.yml",
        "expectations.yml",
        "X.yml",
        "a b.yml",
        "x.txt",
        "west/x.yml",
    ],
)
def test_a_new_file_comes_to_lie_among_the_rules_or_nowhere(folder, name, tmp_path):
    (folder.folder / ".hidden").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(FileChanged):
        folder.write(name, "id: x\n", "")
    assert sorted(tmp_path.rglob("*")) == before


def test_links_are_no_rule_files_and_nothing_is_written_through_them(folder, tmp_path):
    (folder.folder / "linked.yml").symlink_to(tmp_path / "secret.yml")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "far.yml").write_text("id: far\n", encoding="utf-8")
    (folder.folder / "west").symlink_to(outside)
    assert list(folder.files()) == ["east/ports.yml", "talks.yml"]
    for name in ("linked.yml", "west/far.yml", "west/new.yml"):
        assert folder.read(name) is None
        with pytest.raises(FileChanged):
            folder.write(name, "id: x\n", "")
    assert (tmp_path / "secret.yml").read_text(encoding="utf-8") == "id: secret\n"
    assert [file.name for file in outside.iterdir()] == ["far.yml"]


def test_a_file_is_written_whole_with_its_permissions_and_nothing_is_left_beside_it(folder):
    file = folder.folder / "talks.yml"
    file.chmod(0o640)
    kept = folder.write("talks.yml", "id: talks\n# ўвага\n", folder.read("talks.yml").digest)
    assert kept.text == file.read_text(encoding="utf-8") == "id: talks\n# ўвага\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in folder.folder.iterdir() if one.name.startswith(".")] == []


def test_a_version_that_somebody_else_wrote_is_never_written_over(folder):
    opened = folder.read("talks.yml")
    (folder.folder / "talks.yml").write_text("id: other\n", encoding="utf-8")
    with pytest.raises(FileChanged) as told:
        folder.write("talks.yml", "id: mine\n", opened.digest)
    assert told.value.now.text == "id: other\n"
    with pytest.raises(FileChanged):
        folder.take_away("talks.yml", opened.digest)
    assert folder.read("talks.yml").text == "id: other\n"


def test_a_file_that_vanished_is_told_and_one_that_is_there_is_not_made_anew(folder):
    opened = folder.read("talks.yml")
    with pytest.raises(FileChanged):
        folder.write("talks.yml", "id: mine\n", "")
    folder.take_away("talks.yml", opened.digest)
    with pytest.raises(FileChanged) as told:
        folder.write("talks.yml", "id: mine\n", opened.digest)
    assert told.value.now is None
    assert folder.write("talks.yml", "id: mine\n", "").text == "id: mine\n"


def test_a_folder_that_cannot_be_written_keeps_the_old_file(folder, monkeypatch):
    opened = folder.read("talks.yml")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorldFailed, match=r"talks\.yml: No space left"):
        folder.write("talks.yml", "id: mine\n", opened.digest)
    assert folder.read("talks.yml") == opened
    assert [one.name for one in folder.folder.iterdir() if one.name.startswith(".")] == []


def test_a_new_rule_gets_a_name_that_is_free(folder):
    assert folder.name_for("bridges") == "bridges.yml"
    assert folder.name_for("bridges", "east") == "east/bridges.yml"
    for rule, topic in (
        ("talks", ""),
        ("ports", ""),
        ("Bridges", ""),
        ("../x", ""),
        ("", ""),
        ("x", "west"),
        ("x", ".."),
        ("lint", ""),
    ):
        assert folder.name_for(rule, topic) is None


def test_what_is_not_utf_8_is_shown_all_the_same(folder):
    (folder.folder / "talks.yml").write_bytes(b"id: \xff\r\n")
    assert folder.read("talks.yml").text == "id: \ufffd\n"


def test_what_rules_refer_to_is_read_and_written_in_its_place_and_neither_made_nor_deleted(folder):
    assert list(folder.references()) == ["names/places.yml"]
    kept = folder.read("names/places.yml")
    assert kept.text == "x: 1\n"
    with pytest.raises(FileChanged):
        folder.write("names/places.yml", "x: 2\n", "another")
    assert folder.write("names/places.yml", "x: 2\n", kept.digest).text == "x: 2\n"
    with pytest.raises(FileChanged):
        folder.take_away("names/places.yml", digest_of(b"x: 2\n"))
    assert "names/places.yml" not in folder.files()


def test_links_among_what_rules_refer_to_are_not_followed(folder, tmp_path):
    (folder.folder / "names" / "linked.yml").symlink_to(tmp_path / "secret.yml")
    assert folder.read("names/linked.yml") is None
