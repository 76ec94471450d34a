"""A mail fits its budget by losing its lowest-ranked items, which it counts."""

from dataclasses import replace

import pytest

from monitor.digests.render.fit import BUDGET, fit_mail, mail_size, without_lowest
from monitor.digests.render.rendition import mail_page, render_edition


def test_an_edition_that_fits_is_left_alone(edition, digest):
    assert fit_mail(edition, digest) is edition


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_large_edition_is_cut_to_its_budget_and_no_further(sample, digest, language):
    edition = sample.large_edition(60, language)
    fitted = fit_mail(edition, digest)
    kept = sum(len(section.items) for section in fitted.sections)
    assert 0 < kept < 60
    assert fitted.omitted == 60 - kept == sum(section.omitted for section in fitted.sections)
    assert mail_size(mail_page(fitted, digest)) <= BUDGET
    assert mail_size(mail_page(without_lowest(edition, fitted.omitted - 1), digest)) > BUDGET


def test_lowest_scores_go_first_and_order_stays(sample):
    edition = sample.large_edition(10)
    fitted = without_lowest(edition, 3)
    assert [item.id for section in fitted.sections for item in section.items] == [f"n{number:03d}" for number in range(7)]


def test_among_equals_the_later_goes_first(sample):
    edition = sample.large_edition(4)
    level = replace(
        edition, sections=tuple(replace(s, items=tuple(replace(i, score=1.0) for i in s.items)) for s in edition.sections)
    )
    assert [[item.id for item in section.items] for section in without_lowest(level, 1).sections] == [["n000", "n001"], ["n002"]]


def test_a_cut_mail_says_how_many_are_on_the_web_and_where(sample, digest):
    fitted = without_lowest(sample.large_edition(12, "en"), 4)
    printed = render_edition(fitted, digest)
    assert "4 more items on the web" in printed.mail_html
    assert "4 more items on the web" in printed.mail_text
    assert 'href="https://monitor.frontier.example/frontier-weekly/2019-W10/en/#s-posture"' in printed.mail_html


def test_a_section_whose_items_were_all_dropped_is_not_called_quiet(sample, digest):
    fitted = without_lowest(sample.large_edition(4, "en"), 2)
    assert fitted.sections[1].items == ()
    assert "Nothing that the sources" not in mail_page(fitted, digest)


def test_where_no_items_are_left_notes_and_watch_dates_go(edition, digest):
    fitted = fit_mail(edition, digest, budget=1000)
    assert not any(section.items or section.notes for section in fitted.sections)
    assert fitted.watch == ()
    assert fitted.omitted == 3


def test_size_is_the_larger_of_decoded_and_encoded():
    assert mail_size("a" * 70 + "\n") == 72  # its line ends in CRLF
    cyrillic = "ж" * 3000
    assert mail_size(cyrillic) > len(cyrillic.encode()) * 4 // 3


@pytest.mark.parametrize(
    "page", ["word\n" * 5000, "Слова пра перамовы ў сталіцы.\n" * 1500, "“Talks”, they said — again.\n" * 2000, "=" * 9000]
)
def test_the_size_is_what_goes_over_the_wire(page):
    from email.message import EmailMessage
    from email.policy import SMTP

    sizes = []
    for encoding in ("quoted-printable", "base64"):
        message = EmailMessage(policy=SMTP)
        message.set_content(page, subtype="html", cte=encoding)
        wire = message.as_bytes().partition(b"\r\n\r\n")[2]
        sizes.append(max(len(wire), len(message.get_payload(decode=True))))
    assert min(sizes) <= mail_size(page) <= 1.01 * min(sizes) + 80


def test_a_place_that_is_filled_for_each_reader_counts_as_what_it_becomes():
    assert mail_size("x{{UNSUBSCRIBE_URL}}") - mail_size("x") >= 150
