"""What the desk says above an edition stands in every form of it; editions without such words are as they were."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.digests.render.rendition import render_edition
from monitor.model.edition import Correction, Role, Sentence

CORRECTIONS = (
    Correction(2, datetime(2019, 3, 11, 9, tzinfo=UTC), "The name of a minister was wrong."),
    Correction(3, datetime(2019, 3, 12, 9, tzinfo=UTC), "So was <his> age."),
)
FORMS = ("html", "text", "markdown", "mail_html", "mail_text")


def plain(text):
    text = text.replace("<strong>", "").replace("</strong>", "").replace("**", "")
    return " ".join(
        text.replace("\n! ", " ").replace("\n  ", " ").replace("&lt;", "<").replace("&gt;", ">").replace("\\", "").split()
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_note_of_the_desk_stands_above_the_edition(edition, digest, form):
    noted = replace(edition, note="First words.\n\nSecond words.")
    printed = plain(getattr(render_edition(noted, digest), form))
    assert printed.index("Note of the desk. ") < printed.index("First words.") < printed.index("Second words.")
    assert printed.index("Second words.") < printed.upper().index("AT A GLANCE")


@pytest.mark.parametrize("form", FORMS)
def test_corrections_are_dated_newest_first_and_lead_to_what_stood_before(edition, digest, form):
    printed = getattr(render_edition(replace(edition, corrections=CORRECTIONS), digest), form)
    words = plain(printed)
    assert "So was <his> age." in words, "escaped as it should be"
    assert words.index("Corrected on March 12, 2019") < words.index("Corrected on March 11, 2019")
    assert "en-r2/" in printed
    assert "en-r1/" in printed


def test_a_correction_says_so_in_its_subject_its_data_and_its_feed(edition, digest):
    printed = render_edition(replace(edition, corrections=CORRECTIONS), digest)
    assert printed.subject.startswith("Corrected: ")
    data = json.loads(printed.json)
    assert data["revision"] == 3
    assert data["corrections"][0] == {"revision": 2, "at": "2019-03-11T09:00:00Z", "text": "The name of a minister was wrong."}
    assert "<updated>2019-03-12T09:00:00Z</updated>" in printed.atom_entry
    assert "<title>Corrected: " in printed.atom_entry
    plainly = json.loads(render_edition(edition, digest).json)
    assert not {"revision", "corrections", "note"} & plainly.keys()


@pytest.mark.parametrize("form", FORMS)
def test_words_of_the_desk_stand_without_quotation_marks_and_cite_the_desk(edition, digest, form):
    item = edition.sections[0].items[0]
    said = Sentence("We think otherwise.", Role.THESIS, "en", own=True, by="desk")
    changed = replace(item, paragraphs=((said,), *item.paragraphs[1:]))
    sections = (replace(edition.sections[0], items=(changed, *edition.sections[0].items[1:])), *edition.sections[1:])
    printed = render_edition(replace(edition, sections=sections), digest)
    words = plain(getattr(printed, form))
    before, _, after = words.partition("We think otherwise.")
    assert not before.rstrip().endswith("“")
    assert "the desk" in after[:160]
    sentence = json.loads(printed.json)["sections"][0]["items"][0]["sentences"][0]
    assert (sentence["own"], sentence["by"], sentence["article"]) == (True, "desk", None)
