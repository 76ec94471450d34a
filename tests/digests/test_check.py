"""Each broken promise is told: the check sees what it is for."""

from dataclasses import replace
from datetime import date

import pytest

from monitor.digests.check import check_edition
from monitor.digests.compose import compose_edition
from monitor.model.edition import Role, Verdict


@pytest.fixture
def edition(world, port_call, voice):
    return compose_edition(world.inputs(port_call, voices={"port-calls": voice}), "en")


def with_item(edition, **changes):
    section = edition.sections[0]
    item = replace(section.items[0], **changes)
    return replace(edition, sections=(replace(section, items=(item,)), *edition.sections[1:]))


def altered(edition, place, **changes):
    """The edition with one printed sentence changed."""
    paragraphs = [list(paragraph) for paragraph in edition.sections[0].items[0].paragraphs]
    for paragraph in paragraphs:
        for index, sentence in enumerate(paragraph):
            if sentence.role is place:
                paragraph[index] = replace(sentence, **changes)
                return with_item(edition, paragraphs=tuple(map(tuple, paragraphs)))
    raise AssertionError(place)


def test_good_edition_breaks_nothing(edition, world, names):
    assert check_edition(edition, world.articles(), names) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda e: with_item(e, headline=" ".join(["word"] * 17)), "17 words in the headline"),
        (
            lambda e: with_item(e, headline="Admiral Harum lets a frigate in", headline_language="en"),
            '"Harum" stands for "Harun"',
        ),
        (lambda e: with_item(e, paragraphs=e.sections[0].items[0].paragraphs * 2), "printed twice"),
        (lambda e: with_item(e, paragraphs=()), "0 paragraphs"),
        (lambda e: with_item(e, sources=()), "no sources"),
        (lambda e: altered(e, Role.EVENT, day=None), "event without a date"),
        (lambda e: altered(e, Role.EVENT, text="The frigate sank."), "is not what"),
        (lambda e: altered(e, Role.EVENT, citations=()), "neither quoted nor our own"),
        (lambda e: altered(e, Role.THESIS, own=False), "neither quoted nor our own"),
        (lambda e: with_item(e, status=replace(e.sections[0].items[0].status, verdict=Verdict.WORSE)), "is worse"),
        (lambda e: with_item(e, status=replace(e.sections[0].items[0].status, balance=9.0)), "the balance is given as 9.0"),
        (lambda e: replace(e, sections=(replace(e.sections[0], glance="Too short"), e.sections[1])), "2 words at a glance"),
        (lambda e: replace(e, watch=(replace(e.watch[0], day=date(2021, 5, 1)),)), "not after the window"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_broken_promise_is_told(edition, world, names, change, words):
    found = check_edition(change(edition), world.articles(), names)
    assert any(words in line for line in found), found


def test_status_set_by_hand_need_not_follow_its_cues(edition, world, names):
    status = replace(edition.sections[0].items[0].status, verdict=Verdict.WORSE, override="the editor knows more")
    section = replace(edition.sections[0].status, verdict=Verdict.WORSE, override="the editor knows more")
    changed = with_item(edition, status=status)
    changed = replace(changed, sections=(replace(changed.sections[0], status=section), changed.sections[1]))
    assert check_edition(changed, world.articles(), names) == []


def test_unknown_article_is_told(edition):
    assert any("not among the articles" in line for line in check_edition(edition, {}))
