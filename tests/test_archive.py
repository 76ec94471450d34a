"""The archive folder: files appear whole, in their places, and stay the same when written again."""

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from monitor import archive
from monitor.model.digest import Digest, Schedule, Window
from monitor.model.edition import FrozenEdition, Rendition

NOW = datetime(2019, 3, 11, 5, tzinfo=UTC)
DIGEST = Digest("weekly", {"en": "Talks weekly", "be": "Тыднёвік"}, ("en", "be"), Schedule(0, NOW.time(), "Europe/Minsk"), ())


def edition(week, key, languages=("en",)):
    end = datetime.combine(key, NOW.time(), UTC)
    window = Window(end - timedelta(days=7), end, week, key - timedelta(days=7), key - timedelta(days=1))
    entry = f"<entry><title>{week}</title></entry>"
    printed = {
        one: Rendition(one, "subject", f"<p>{week} Бяспека</p>", "text", "# md", '{"week": 1}', entry, "<p></p>", "")
        for one in languages
    }
    return FrozenEdition(f"weekly/{key}", "weekly", key, week, window, end, end, 10, "hash", printed)


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_language_has_its_folder_with_five_files(tmp_path):
    folders = archive.write_edition(tmp_path, edition("2019-W10", date(2019, 3, 11), ("en", "be")), {"en": b"From: x\r\n\r\n"})
    assert folders == [tmp_path / "weekly/2019-W10/en", tmp_path / "weekly/2019-W10/be"]
    files = tree(tmp_path / "weekly/2019-W10/en")
    assert files == {
        "index.html": "<p>2019-W10 Бяспека</p>".encode(),
        "edition.json": b'{"week": 1}',
        "edition.md": b"# md",
        "edition.txt": b"text",
        "message.eml": b"From: x\r\n\r\n",
    }


def test_writing_again_gives_the_same_files_and_leaves_nothing_else(tmp_path):
    one = edition("2019-W10", date(2019, 3, 11))
    archive.write_edition(tmp_path, one, {})
    before = tree(tmp_path)
    archive.write_edition(tmp_path, one, {})
    assert tree(tmp_path) == before


def test_a_feed_holds_the_editions_that_have_its_language(tmp_path):
    editions = [edition("2019-W11", date(2019, 3, 18)), edition("2019-W10", date(2019, 3, 11), ("en", "be"))]
    written = archive.write_feeds(tmp_path, DIGEST, editions, "https://news.example.org")
    assert written == [tmp_path / "weekly/feed.en.atom", tmp_path / "weekly/feed.be.atom"]
    english, belarusian = (path.read_text(encoding="utf-8") for path in written)
    assert english.index("2019-W11") < english.index("2019-W10")
    assert "2019-W11" not in belarusian


def test_a_language_without_editions_has_no_feed(tmp_path):
    assert archive.write_feeds(tmp_path, DIGEST, [], "https://news.example.org") == []
    assert tree(tmp_path) == {}


def test_a_reader_sees_the_old_file_or_the_new_one_and_never_half_of_it(tmp_path):
    path, old, new = tmp_path / "index.html", b"o" * 300_000, b"n" * 400_000
    archive.replace_file(path, old)
    done, seen = threading.Event(), set()

    def read():
        while not done.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for content in (new, old) * 5:
        archive.replace_file(path, content)
    done.set()
    reader.join()
    assert seen <= {old, new}


def test_a_failure_before_the_renaming_leaves_the_old_file_alone(tmp_path, monkeypatch):
    path = tmp_path / "index.html"
    archive.replace_file(path, b"old")

    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        archive.replace_file(path, b"new")
    assert tree(tmp_path) == {"index.html": b"old"}


def test_a_folder_that_is_a_file_is_an_error_of_the_system(tmp_path):
    (tmp_path / "weekly").write_bytes(b"")
    with pytest.raises(OSError, match="weekly"):
        archive.replace_file(tmp_path / "weekly" / "index.html", b"")
