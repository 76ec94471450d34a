"""Takes a picture of every page, 1280 and 320 pixels wide, light and dark: `python tests/browser/shots.py OUT [PART…]`.

The pages are those of the service over the demo's last weeks, and the HTML of its mails. With PARTs, only pages whose path holds one.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
TALLEST = 6000
"""Pixels of a page that are taken: the rest of a long one looks the same."""


def module(name: str, file: Path):
    spec = importlib.util.spec_from_file_location(name, file)
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def main(out: Path, parts: list[str]) -> None:
    world, shared = module("browser_world", HERE / "world.py"), module("shared_fixtures", HERE.parent / "conftest.py")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, shared.running_mail_sink() as sink, sync_playwright() as playwright:
        database = Path(folder) / "database"
        database.mkdir()
        world.make_database(database)
        service = world.Service(Path(folder), database / "demo.db", shared._free_port(), sink.port)
        service.start()
        browser = playwright.chromium.launch(executable_path=world.CHROMIUM, args=["--no-sandbox"])
        try:
            look(world, service, sink, browser, out, parts)
        finally:
            browser.close()
            service.close()


def look(world, service, sink, browser, out, parts):
    visits = world.visits(service, sink)
    mail = next(part for part in world.letters(sink, "analyst@reader.example")[-1].walk() if part.get_content_subtype() == "html")
    for width in (1280, 320):
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
            page = context.new_page()
            for path in visits:
                if parts and not any(part in path for part in parts):
                    continue
                page.goto(service.url + path, wait_until="load")
                shoot(page, out / f"{name_of(world.shape(path))}-{width}-{scheme}.png")
            if not parts or "desk" in parts:
                world.log_in(page, service)
                for path in world.desk_pages(service):
                    page.goto(service.url + path, wait_until="load")
                    if page.locator("#try").count():
                        page.locator("#try").click()
                        page.wait_for_selector("#outcome")
                    shoot(page, out / f"{name_of(path)}-{width}-{scheme}.png")
            if not parts or "mail" in parts:
                alone = context.new_page()  # the policy of the site does not reach it here
                alone.set_content(mail.get_content())
                shoot(alone, out / f"mail-{width}-{scheme}.png")
            context.close()


def shoot(page, file):
    tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": page.viewport_size["width"], "height": tall})
    print(file)


def name_of(path: str) -> str:
    return re.sub(r"[^\w.-]+", "_", path).strip("_") or "home"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
