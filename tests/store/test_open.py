"""URLs of databases."""

import builtins
from pathlib import Path

import pytest

from monitor.model.errors import StoreRefused, WrongUse
from monitor.store.open import open_store, sqlite_path


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////var/lib/monitor.db", Path("/var/lib/monitor.db")),
        ("sqlite:///var/monitor.db", Path.cwd() / "var/monitor.db"),
        ("sqlite:///with space%20.db", Path.cwd() / "with space%20.db"),
        ("sqlite://", None),
        ("sqlite:///", None),
        ("sqlite:///:memory:", None),
    ],
)
def test_an_sqlite_url_names_a_file_or_memory(url, path):
    assert sqlite_path(url) == path


@pytest.mark.parametrize(
    "url", ["mysql://u:secret@host/db", "var/monitor.db", "", "sqlite://host/x.db", "sqlite:///x.db?mode=ro"]
)
def test_another_url_is_told_what_to_write(url):
    with pytest.raises(WrongUse, match="write sqlite:///") as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_the_folder_is_made(tmp_path):
    open_store(f"sqlite:///{tmp_path}/a/b/monitor.db").close()
    assert (tmp_path / "a/b/monitor.db").exists()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(StoreRefused, match="cannot be made"):
        open_store(f"sqlite:///{tmp_path}/a/b/monitor.db")


def test_a_change_of_folder_does_not_change_the_database(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///monitor.db")
    store.upgrade()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with store._engine.reading(), store._engine.reading() as second:
        assert second.run("SELECT COUNT(*) AS settings FROM setting") == [{"settings": 0}]
    store.close()


def test_without_psycopg_postgresql_says_what_to_install(monkeypatch):
    original = builtins.__import__

    def missing(name, *rest):
        if name == "monitor.store.postgres":
            raise ImportError(name)
        return original(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(WrongUse, match=r"pip install 'monitor-digest\[postgres\]'"):
        open_store("postgresql://localhost/x")


def test_sqlite_needs_no_psycopg():
    import subprocess
    import sys

    code = "import sys; sys.modules['psycopg'] = None; from monitor.store.open import open_store; print(open_store('sqlite://').upgrade())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "0001_first" in done.stdout, done.stderr
