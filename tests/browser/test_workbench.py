"""The rule workbench in a browser: log in, edit, see what changes, save, undo; with script and without; read, reached and used by keyboard."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.slow

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def desk(tab, world, service):
    """Makes tabs that are logged in, with the rule's page open."""

    def make(*size, **options):
        one = tab(*size, **options)
        world.log_in(one.page, service)
        assert "/desk/rules/" in one.page.url
        return one

    return make


@pytest.fixture
def rule_path(world):
    return f"/desk/rules/{world.RULE}.yml/"


def file_of(service, world):
    return service.home / "rules" / f"{world.RULE}.yml"


def stricter(text):
    """The rule, asking in addition for what hardly any article has, under a new version."""
    changed, count = re.subn(r"(?m)^version: (\d+)", lambda found: f"version: {int(found[1]) + 1}", text, count=1)
    assert count == 1
    assert "  require:\n" in changed
    return changed.replace("  require:\n", "  require:\n    - any: [mourning]\n", 1)


def test_without_a_login_the_desk_shows_its_door_and_a_wrong_password_stays_out(tab, world, rule_path):
    one = tab()
    one.open(rule_path)
    assert "/desk/login/" in one.page.url
    one.page.locator("#name").fill(world.EDITOR)
    one.page.locator("#password").fill("not this one at all")
    one.page.locator("#login").click()
    assert one.page.locator("[role=alert]").count() == 1
    one.open("/desk/rules/")
    assert "/desk/login/" in one.page.url


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without"])
def test_edit_see_what_changes_save_and_undo(desk, world, service, rule_path, scripts):
    one, file = desk(scripts=scripts), file_of(service, world)
    before = file.read_text(encoding="utf-8")
    page = one.page
    one.open(rule_path)
    assert page.locator("#yaml").input_value().strip() == before.strip()

    page.locator("#yaml").fill(stricter(before))
    page.locator("#try").click()
    page.wait_for_selector("#lost")
    assert page.locator("#lost .article").count() > 0, "what the rule would no longer find is shown"
    assert file.read_text(encoding="utf-8") == before, "trying writes nothing"

    page.locator("#why").fill("to see what is lost")
    page.locator("#save").click()
    page.wait_for_selector(".said")
    assert file.read_text(encoding="utf-8").strip() == stricter(before).strip()

    page.locator("#undo").click()
    page.wait_for_selector(".said")
    assert file.read_text(encoding="utf-8") == before

    one.open(f"{rule_path}history/")
    assert page.locator("tbody tr").count() >= 3
    assert "to see what is lost" in page.locator("tbody").inner_text()


def test_a_wrong_text_is_told_with_its_line_and_not_saved(desk, world, service, rule_path):
    one, file = desk(scripts=False), file_of(service, world)
    before = file.read_text(encoding="utf-8")
    one.open(rule_path)
    one.page.locator("#yaml").fill(before.replace("match:", "mtach:"))
    one.page.locator("#save").click()
    told = one.page.locator(".findings, #findings").first.inner_text()
    assert "mtach" in told
    assert re.search(r"\d", told)
    assert file.read_text(encoding="utf-8") == before


def test_typing_alone_shows_the_result_and_keeps_the_focus(desk, world, service, rule_path):
    one = desk()
    one.open(rule_path)
    one.page.wait_for_selector("#outcome #found-title, #outcome #samples")
    text = one.page.locator("#yaml")
    text.focus()
    one.page.keyboard.press("Control+End")
    one.page.keyboard.type("# a remark")
    one.page.wait_for_selector("#result:not(.old) #outcome")
    assert one.page.evaluate("document.activeElement.id") == "yaml"
    assert one.page.locator("#live").inner_text().strip()
    text.fill(file_of(service, world).read_text(encoding="utf-8"))
    one.page.wait_for_timeout(600)


def test_the_keyboard_alone_tries_and_reaches_save(desk, rule_path):
    one = desk()
    one.open(rule_path)
    one.page.locator("#yaml").focus()
    one.page.keyboard.press("Control+Enter")
    one.page.wait_for_selector("#outcome #found-title, #outcome #samples")
    one.page.keyboard.press("Control+s")
    assert one.page.evaluate("document.activeElement.id") == "why"
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.activeElement.id") == "save"
    one.page.locator("#yaml").focus()
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.activeElement.id") != "yaml", "Tab leaves the text: it is no trap"


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_axe_finds_nothing_serious_at_the_desk(desk, world, service, width, dark):
    one, wrong = desk(width, 900, dark=dark), {}
    for path in world.desk_pages(service):
        one.open(path)
        if one.page.locator("#try").count():
            one.page.wait_for_selector("#outcome #found-title, #outcome #samples")
            one.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found = [
            (rule["id"], node["target"], node["html"][:140])
            for rule in Axe().run(one.page).response["violations"]
            if rule["impact"] in {"serious", "critical"}
            for node in rule["nodes"][:3]
        ]
        sideways = one.page.evaluate(SIDEWAYS)
        if found or sideways > 0:
            wrong[path] = (found, sideways)
    assert wrong == {}


def test_logging_out_ends_it(desk, rule_path):
    one = desk()
    one.page.locator("#logout").click()
    one.open(rule_path)
    assert "/desk/login/" in one.page.url
