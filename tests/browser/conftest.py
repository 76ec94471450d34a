"""A real browser, and the service over the demo's editions to be looked at with it."""

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def world():
    """The module `world.py`."""
    if "browser_world" not in sys.modules:
        spec = importlib.util.spec_from_file_location("browser_world", HERE / "world.py")
        sys.modules["browser_world"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["browser_world"])
    return sys.modules["browser_world"]


@pytest.fixture(scope="session")
def demo_database(world, made_once):
    """The demo's database, made once for all tests."""
    return made_once("browser-demo", world.make_database) / "demo.db"


@pytest.fixture(scope="module")
def sink(module_mail_sink):
    """The mail server of the module's service."""
    return module_mail_sink


@pytest.fixture(scope="module")
def service(world, demo_database, sink, tmp_path_factory, free_port):
    """`monitor run` over a copy of the demo's database."""
    made = world.Service(tmp_path_factory.mktemp("service"), demo_database, free_port(), sink.port)
    made.start()
    yield made
    made.close()
    shutil.rmtree(made.home, ignore_errors=True)


class Watched:
    """A tab that notes what it should never see: requests to other hosts, refusals by the policy, errors of scripts, dialogs."""

    def __init__(self, browser, url, **options):
        self.url, self.sins = url, []
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.on("request", self._request)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.sins.append(f"error {error}"))
        self.page.on("dialog", lambda dialog: (self.sins.append(f"dialog {dialog.message}"), dialog.dismiss()))

    def _request(self, request):
        if not request.url.startswith((self.url, "about:", "data:")):
            self.sins.append(f"asked {request.url}")

    def _console(self, message):
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.sins.append(f"refused on {self.page.url}: {message.text}")

    def open(self, path):
        return self.page.goto(self.url + path, wait_until="load")


@pytest.fixture
def tab(chromium, service):
    """Makes tabs: `tab(width=320, dark=True, scripts=False)`."""
    made = []

    def make(width=1280, height=900, *, dark=False, scripts=True, **options):
        made.append(
            Watched(
                chromium,
                service.url,
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                java_script_enabled=scripts,
                reduced_motion="reduce",  # else what has the focus is still on its way into the window when it is looked at
                **options,
            )
        )
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    assert [sin for one in made for sin in one.sins] == []
