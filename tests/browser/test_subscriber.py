"""A reader's way from the form to the last mail, in a browser without script and with a real mail server; and around the archive."""

import re

import pytest

pytestmark = pytest.mark.slow

READER = "nina@reader.example"


@pytest.fixture(scope="module")
def clerk(service):
    """The command line beside the service, at another moment where one is given."""

    def command(*arguments, at=""):
        before = service.environment["MONITOR_NOW"]
        service.environment["MONITOR_NOW"] = at or before
        try:
            return service.command(*arguments)
        finally:
            service.environment["MONITOR_NOW"] = before

    return command


def link_in(message, kind):
    """The path of the first link of a kind ("c", "u") in the text of a mail."""
    text = next(part for part in message.walk() if part.get_content_subtype() == "plain").get_content()
    return re.search(rf"https?://[^/\s]+(/{kind}/[\w-]+)", text)[1]


def test_subscribe_confirm_read_and_leave(world, tab, sink, clerk):
    one = tab(scripts=False)
    mails = lambda: world.letters(sink, READER)  # noqa: E731 — what came so far

    one.open(f"/{world.DIGEST}/")
    one.page.locator(f'a[href*="/{world.DIGEST}/subscribe/"]').first.click()
    one.page.get_by_role("textbox").first.fill(READER)
    one.page.locator('main form button[type="submit"]').click()
    assert READER in one.page.locator("main [role=status]").inner_text()

    assert world.eventually(mails)
    [asked] = mails()
    assert asked["List-Unsubscribe"] is None
    assert asked["Auto-Submitted"] == "auto-generated"

    analyst = lambda: len(world.letters(sink, "analyst@reader.example"))  # noqa: E731 — a reader of old, who gets them all
    assert world.eventually(analyst)
    before = analyst()
    clerk("publish", world.DIGEST, "--week", "2019-W11")
    assert world.eventually(lambda: analyst() > before)
    assert len(mails()) == 1, "who has not confirmed gets no edition"

    one.open(link_in(asked, "c"))
    assert len(mails()) == 1
    one.page.locator('main form button[name="confirm"]').click()
    assert one.page.locator("main [role=status]").count() == 1

    clerk("publish", world.DIGEST, "--week", "2019-W12", at="2019-03-18T09:00:00+00:00")
    assert world.eventually(lambda: len(mails()) == 2)
    edition = mails()[1]
    assert "2019" in edition["Subject"]
    assert edition["To"] == READER
    leave = link_in(edition, "u")
    assert f"{leave}>" in edition["List-Unsubscribe"]

    one.open(leave)
    one.page.locator('main form button[value="this"]').first.click()
    assert one.page.locator('main form button[value="this"]').count() == 0

    before = analyst()
    clerk("publish", world.DIGEST, "--week", "2019-W13", at="2019-03-25T09:00:00+00:00")
    assert world.eventually(lambda: analyst() > before)
    assert len(mails()) == 2, "nothing more comes to who has left"


def test_a_wrong_address_is_told_beside_the_field_and_kept(world, tab):
    one = tab(scripts=False)
    one.open(f"/{world.DIGEST}/subscribe/")
    form = one.page.locator("main form")
    field = form.get_by_role("textbox").first
    field.fill("nina@-")
    form.locator('button[type="submit"]').click()
    if one.page.locator("[role=alert]").count():
        assert field.input_value() == "nina@-"
        assert field.get_attribute("aria-invalid") == "true"
    else:  # the browser refused before the server could
        assert one.page.url.endswith("/subscribe/")


def test_the_archive_is_walked_by_links_alone(world, tab):
    one = tab(scripts=False)
    one.open("/")
    one.page.locator(f'main a[href^="/{world.DIGEST}/"]').first.click()
    one.page.locator('main a[href*="2019-W10"]').first.click()
    assert "2019-W10" in one.page.url
    one.page.locator('a[hreflang="be"]').first.click()
    assert one.page.locator("html").get_attribute("lang") == "be"
    assert "/be/" in one.page.url
    one.page.locator('a[href*="2019-W09"]').first.click()
    assert "2019-W09/be/" in one.page.url


def test_search_finds_what_an_edition_says_and_leads_there(world, tab):
    one = tab(scripts=False)
    one.open("/search")
    one.page.get_by_role("searchbox").fill("attaché")
    one.page.get_by_role("searchbox").press("Enter")
    results = one.page.locator('main a[href*="/2019-W"]')
    assert results.count() > 0
    results.first.click()
    assert re.search(r"/2019-W\d\d/", one.page.url)


@pytest.mark.parametrize("language", ["be", "ru"])
def test_the_reader_chooses_the_language_of_the_site_and_keeps_it(world, tab, language):
    one = tab(scripts=False)
    one.open(f"/{world.DIGEST}/")
    one.page.locator(f'header a[hreflang="{language}"]').first.click()
    assert one.page.locator("html").get_attribute("lang") == language
    one.page.locator('header nav a[href*="search"]').first.click()
    assert one.page.locator("html").get_attribute("lang") == language
