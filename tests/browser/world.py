"""The service as a process over the demo's editions, for browsers: real pages, a real mail server, a clock that stands still."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from email import policy
from email.parser import BytesParser
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOW = "2019-03-11T09:00:00+00:00"
"""The Monday after the last recorded week, its edition just out: nothing falls due by itself, and its mail is not late."""
WEEKS = ("2019-W09", "2019-W10")
DIGEST = "security-weekly"
CHROMIUM = "/usr/bin/chromium"
EDITOR, PASSWORD = "nadja", "seven words that nobody guesses in time"


MAKING = """
import sys
from pathlib import Path
from monitor.demo.run import Watch, run_demo
run_demo(Path(sys.argv[1]) / "out", Watch(weeks=sys.argv[2:]), f"sqlite:///{sys.argv[1]}/demo.db")
"""


def make_database(folder: Path) -> None:
    """The demo's last weeks into `folder`/demo.db, through the whole pipeline."""
    subprocess.run([sys.executable, "-c", MAKING, str(folder), *WEEKS], check=True, capture_output=True, timeout=300)
    assert not (folder / "demo.db-wal").exists()


class Service:
    """`monitor run` in a home of its own, over a copy of the demo's database. Whom it would poll refuses: the demo's outlets are not there."""

    def __init__(self, home: Path, database: Path, port: int, smtp_port: int, **settings: str) -> None:
        self.home, self.port, self.url = home, port, f"http://127.0.0.1:{port}"
        for name in ("rules", "digests"):
            shutil.copytree(ROOT / name, home / name, dirs_exist_ok=True)
        shutil.copytree(ROOT / "monitor" / "demo" / "corpus" / "seeds", home / "seeds", dirs_exist_ok=True)
        (home / "var").mkdir(exist_ok=True)
        shutil.copy(database, home / "var" / "monitor.db")
        ours = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
        self.environment = ours | {
            "MONITOR_HOME": str(home),
            "MONITOR_NOW": NOW,
            "MONITOR_BASE_URL": self.url,
            "MONITOR_SECRET_KEY": "demo: not a secret",
            "MONITOR_WEB__PORT": str(port),
            "MONITOR_SMTP__HOST": "127.0.0.1",
            "MONITOR_SMTP__PORT": str(smtp_port),
            "MONITOR_FETCH__ALLOW_PRIVATE": "127.0.0.0/8",
            "MONITOR_FETCH__CONNECT_TO": "*.example=127.0.0.1:9",
            "MONITOR_MAIL__SENDER": "digest@monitor.example",
            "MONITOR_MAIL__REPLY_TO": "desk@monitor.example",
            "MONITOR_SERVICE__DELIVER_TICK_S": "0.2",
            "MONITOR_SERVICE__PUBLISH_TICK_S": "3600",
            "MONITOR_SERVICE__POLL_TICK_S": "3600",
            "MONITOR_SERVICE__PROCESSES": "0",
            "MONITOR_LOG_FORMAT": "json",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str, stdin: str = "", expect: int = 0) -> str:
        """Run another verb in the same home; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "monitor", *arguments],
            cwd=self.home,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == expect, f"{arguments}: {done.returncode} {done.stderr}{done.stdout}"
        return done.stdout

    def start(self) -> None:
        line = self.command("web", "password", EDITOR, stdin=f"{PASSWORD}\n").strip()
        self.environment["MONITOR_WEB__EDITORS"] = line
        self.log = (self.home / "log").open("ab")
        command = [sys.executable, "-m", "monitor", "run"]
        self.process = subprocess.Popen(command, cwd=self.home, env=self.environment, stdout=self.log, stderr=self.log)
        pause = threading.Event()
        for _ in range(600):
            if self.process.poll() is not None:
                break
            if self.status("/healthz") == 200:
                return
            pause.wait(0.1)
        raise AssertionError((self.home / "log").read_text(encoding="utf-8")[-3000:])

    def status(self, path: str) -> int:
        """The status of a GET; 0 while nothing listens."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0

    def text(self, path: str) -> str:
        """The body of a GET, "" where there is none to read as a page."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.read().decode() if "text/html" in answer.headers.get("Content-Type", "") else ""
        except urllib.error.HTTPError as error:
            with error:
                return ""

    def close(self) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
                try:
                    self.process.wait(20)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait()
            self.log.close()


_LINK = re.compile(r'<a\s[^>]*?href="([^"#]+)', re.IGNORECASE)
_SHAPE = ((r"/\d{4}-W\d{2}/", "/WEEK/"), (r"/(?:story|thread)/[^/]+", "/STORY"), (r"[0-9a-f]{8,}", "HEX"), (r"\?.*", "?"))


def crawl(service: Service, start: str = "/", per_shape: int = 1, most: int = 400) -> list[str]:
    """Paths of the site's pages found by following links, so many of each shape ("/security-weekly/WEEK/en/")."""
    from html import unescape
    from urllib.parse import urljoin, urlsplit

    waiting, seen, shapes, found = [start], {start}, {}, []
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        key = shape(path)
        if shapes.get(key, 0) >= per_shape:
            continue
        page = service.text(path)
        if not page:
            continue
        shapes[key] = shapes.get(key, 0) + 1
        found.append(path)
        for href in _LINK.findall(page):
            parts = urlsplit(urljoin(service.url + path, unescape(href)))
            if f"{parts.scheme}://{parts.netloc}" == service.url:
                query = re.sub(r"(?:^|&)lang=\w+", "", parts.query)
                target = parts.path.removesuffix("index.html") + (f"?{query}" if query else "")
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
    return found


def shape(path: str) -> str:
    """What kind of page a path leads to."""
    for pattern, word in _SHAPE:
        path = re.sub(pattern, word, path)
    return path


def letters(sink, recipient: str) -> list:
    """The mails that a recipient got, parsed."""
    return [BytesParser(policy=policy.default).parsebytes(raw) for to, raw in sink.mails if to == recipient]


def eventually(found, seconds: float = 30.0):
    """The first truthy thing that `found` gives within so many seconds."""
    pause = threading.Event()
    for _ in range(int(seconds * 20)):
        if value := found():
            return value
        pause.wait(0.05)
    return found()


def hidden_pages(sink) -> list[str]:
    """Pages that only a mail leads to: of the mails that the demo's readers got, one link of each kind, and one that is damaged."""
    mails = eventually(lambda: letters(sink, "analyst@reader.example"))
    page = next(part for part in mails[-1].walk() if part.get_content_subtype() == "html").get_content()
    paths = {re.sub(r"^https?://[^/]+", "", found) for found in re.findall(r'href="([^"#]+/(?:u|p|mark)/[^"#]+)"', page)}
    one_of_each = {path.split("/")[1]: path.replace("&amp;", "&") for path in sorted(paths)}
    leave = one_of_each.get("u", "")
    return [*one_of_each.values(), leave.replace("/u/", "/c/")[:-3] + "xyz", "/u/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]


def asked_pages(service: Service, sink) -> list[str]:
    """What somebody comes by who subscribes: the link of the confirmation before and after it is used, and the preferences."""
    address = "visitor@reader.example"
    _post(service, f"/{DIGEST}/subscribe/", {"address": address, "language": "en"})
    mails = eventually(lambda: letters(sink, address), 10)
    if not mails:
        return []
    text = next(part for part in mails[-1].walk() if part.get_content_subtype() == "plain").get_content()
    found = re.search(r"https?://[^/\s]+(/c/[\w-]+)", text)
    other = "other@reader.example"
    _post(service, f"/{DIGEST}/subscribe/", {"address": other, "language": "be"})
    mails = eventually(lambda: letters(sink, other), 10)
    text = next(part for part in mails[-1].walk() if part.get_content_subtype() == "plain").get_content()
    used = re.search(r"https?://[^/\s]+(/c/[\w-]+)", text)
    page = _post(service, used[1], {"confirm": "1"})
    preferences = re.findall(r'href="(/p/[\w-]+)"', page)
    return [found[1], used[1], *preferences[:1]]


def _post(service: Service, path: str, form: dict[str, str]) -> str:
    from urllib.parse import urlencode

    request = urllib.request.Request(service.url + path, data=urlencode(form).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def log_in(page, service: Service) -> None:
    """Open the desk as its editor."""
    page.goto(service.url + "/desk/login/", wait_until="load")
    page.locator("#name").fill(EDITOR)
    page.locator("#password").fill(PASSWORD)
    page.locator("#login").click()
    page.wait_for_load_state("load")


RULE = "military-attaches"


def desk_pages(service: Service) -> list[str]:
    """Pages behind the login; those of a rule that the demo matches, whatever way the list leads to it."""
    return [
        "/desk/rules/",
        "/desk/new/",
        f"/desk/rules/{RULE}.yml/",
        f"/desk/rules/{RULE}.yml/history/",
        f"/desk/rules/{RULE}.yml/delete/",
    ]


def visits(service: Service, sink) -> list[str]:
    """One page of each shape, those that only mails lead to, results of searches, and one that is not there."""
    searches = ["/search?q=attach%C3%A9", "/search?q=nothing-of-the-kind"] if service.status("/search") == 200 else []
    kinds = [
        *crawl(service),
        f"/{DIGEST}/?lang=be",
        f"/{DIGEST}/subscribe/?lang=ru",
        *searches,
        *hidden_pages(sink),
        *asked_pages(service, sink),
        "/nowhere/at/all/",
    ]
    return list(dict.fromkeys(kinds))
