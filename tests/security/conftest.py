"""The hostile line, run once and shared by the tests that judge it; its modules as fixtures, since tests are imported each by itself."""

import importlib.util
import shutil
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from monitor import bootstrap
from monitor.metrics import Metrics

HERE = Path(__file__).parent


def _module(name, file):
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, file)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def corpus():
    """The module `corpus.py`."""
    return _module("hostile_corpus", HERE / "corpus.py")


@pytest.fixture(scope="session")
def oracle():
    """The module `oracle.py`."""
    return _module("hostile_oracle", HERE / "oracle.py")


@pytest.fixture(scope="session")
def cases(corpus):
    """All cases."""
    return corpus.corpus()


@pytest.fixture(scope="session")
def line(cases, made_once, tmp_path_factory):
    """The line run over all cases, once for all test processes; each has a copy of what came out."""
    lines = _module("hostile_line", HERE / "line.py")

    def make(folder):
        server = _module("hostile_server", HERE.parent / "conftest.py").HttpServer()
        made = lines.run_line(cases, server, folder)
        server.close()
        made.store.close()
        (folder / "port").write_text(str(server.port))

    shared = made_once("hostile-line", make)
    port = int((shared / "port").read_text())
    home = tmp_path_factory.mktemp("line")
    shutil.copy(shared / "line.db", home)
    lines.make_home(home, port)
    settings = lines.settings_for(home, port)
    parts = replace(bootstrap.build(settings, clock=lambda: lines.NOW), sleep=lambda _: None)
    yield lines.Line(parts, home, settings)
    parts.store.close()


@pytest.fixture(scope="session")
def hostile_site(line):
    """The site over what came out: its address on loopback."""
    from monitor.web.app import Site, make_app

    lines = sys.modules["hostile_line"]
    stopping = threading.Event()
    app = make_app(lines.site_over(Site, line, Metrics()))
    port, thread = lines.serve_in_thread(app, stopping)
    yield f"http://127.0.0.1:{port}"
    stopping.set()
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def witnesses():
    """The module `witness.py`."""
    return _module("hostile_witness", HERE / "witness.py")


@pytest.fixture
def witness(witnesses, chromium):
    """A tab that notes all that pages do by themselves."""
    made = witnesses.Witness(chromium)
    yield made
    made.context.close()


@pytest.fixture(scope="session")
def judged(witnesses):
    """Judges pages with a witness."""
    return witnesses.judged


@pytest.fixture(scope="session")
def password(line):
    """What the editor of the hostile site logs in with."""
    return sys.modules["hostile_line"].PASSWORD
