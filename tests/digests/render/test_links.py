"""The furniture leads to the right places, from a folder of files as from a mail."""

from dataclasses import replace
from urllib.parse import urljoin

import pytest

from monitor.digests.render.links import absolute_links, base_of, feedback_link, page_links
from monitor.model.edition import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN

BASE = "https://monitor.frontier.example/frontier-weekly/2019-W10/en/"


@pytest.mark.parametrize(
    ("permalink", "base"),
    [
        (BASE, BASE),
        (BASE.rstrip("/"), BASE),
        (BASE + "index.html", BASE),
        ("", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_base_of_a_permalink_is_its_folder(permalink, base):
    assert base_of(permalink) == base


def test_page_links_are_relative_and_agree_with_the_absolute_ones(edition, digest):
    page, mail = page_links(edition, digest), absolute_links(edition, digest, mail=True)
    for name in ("archive", "feed", "data", "markdown", "text"):
        relative = getattr(page, name)
        assert "://" not in relative
        assert urljoin(BASE, relative) == getattr(mail, name)
    assert mail.feed == "https://monitor.frontier.example/frontier-weekly/feed.en.atom"
    assert mail.archive == "https://monitor.frontier.example/frontier-weekly/"
    assert [language.url for language in page.languages] == ["../en/index.html", "../be/index.html", "../ru/index.html"]
    assert [language.current for language in page.languages] == [True, False, False]


def test_subscribing_leads_to_the_digests_own_form_at_the_running_site_from_a_folder_of_files_too(edition, digest):
    page, mail = page_links(edition, digest), absolute_links(edition, digest, mail=True)
    assert page.subscribe == mail.subscribe == "https://monitor.frontier.example/frontier-weekly/subscribe/?lang=en"


def test_only_the_mail_has_the_tokens_of_its_readers_own_pages(edition, digest):
    mail = absolute_links(edition, digest, mail=True)
    assert (mail.unsubscribe, mail.preferences) == (UNSUBSCRIBE_TOKEN, PREFERENCES_TOKEN)
    for links in (absolute_links(edition, digest, mail=False), page_links(edition, digest)):
        assert (links.unsubscribe, links.preferences) == ("", "")


def test_without_a_permalink_a_mail_has_no_links_to_the_web(edition, digest):
    links = absolute_links(replace(edition, permalink=""), digest, mail=True)
    assert (links.permalink, links.archive, links.feed, links.languages) == ("", "", "", ())
    assert page_links(replace(edition, permalink=""), digest).subscribe == ""


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("mailto:desk@f.example", "mailto:desk@f.example?subject=frontier-weekly%202019-W10%3A%20A%20%26%20B"),
        ("mailto:desk@f.example?subject=Hi", "mailto:desk@f.example?subject=Hi"),
        ("https://f.example/remarks", "https://f.example/remarks"),
        ("javascript:x", ""),
        ("", ""),
    ],
)
def test_feedback_goes_where_the_digest_says(edition, digest, address, link):
    assert feedback_link(edition, replace(digest, feedback=address), "A & B") == link
