"""A status set by hand: with its reason, in every language, weighed in its section, and in conflict when another one is composed."""

from dataclasses import replace

import pytest

from monitor.digests.check import check_edition
from monitor.digests.desk.edits import apply_edits, shared_with
from monitor.model.desk import EditKind
from monitor.model.edition import Verdict

FIRST = "a91f3c"


def below(text, heading, line):
    """The text with a line put below the status line of a heading."""
    lines = text.splitlines()
    at = next(number for number, one in enumerate(lines) if one.startswith("#") and heading in one)
    status = next(number for number in range(at, len(lines)) if lines[number].startswith(">"))
    return "\n".join([*lines[: status + 1], line, *lines[status + 1 :]]) + "\n"


def item_of(edition, item=FIRST):
    return next(one for section in edition.sections for one in section.items if one.id == item)


def test_an_item_gets_verdict_and_reason_and_its_section_is_weighed_anew(desk):
    was = item_of(desk.composed).status
    edition = desk.save(below(desk.printed.text, FIRST, "! worse: The post was promised  six years ago."))
    status = item_of(edition).status
    assert (status.verdict, status.override) == (Verdict.WORSE, "The post was promised six years ago.")
    assert (status.cues, status.reason, status.balance) == (was.cues, was.reason, was.balance)
    section = next(one for one in edition.sections if item_of(edition) in one.items)
    assert section.status.verdict is not Verdict.BETTER
    [edit] = desk.edits
    assert (edit.kind, edit.where, edit.ids) == (EditKind.STATUS, FIRST, ("worse",))


def test_what_was_set_reads_back_and_goes_when_its_line_is_taken_out(desk):
    edition = desk.save(below(desk.printed.text, FIRST, "! unchanged: Words only."))
    assert "! unchanged: Words only." in desk.printed.text
    assert desk.save(desk.printed.text) == edition
    assert desk.save(desk.printed.text.replace("! unchanged: Words only.\n", "")) == desk.composed
    assert desk.edits == ()


def test_a_section_may_be_set_whatever_its_items_come_to(desk):
    section = desk.composed.sections[0]
    edition = desk.save(below(desk.printed.text, f"#s-{section.id}", "! worse: The treaty itself is in doubt."))
    assert (edition.sections[0].status.verdict, edition.sections[0].status.override) == (
        Verdict.WORSE,
        "The treaty itself is in doubt.",
    )
    assert item_of(edition) == item_of(desk.composed)
    assert desk.save(desk.printed.text) == edition


@pytest.mark.parametrize(
    ("line", "code"),
    [("! better:", "K013"), ("! good: why", "K013"), ("! because", "K013"), ("!better : fine", "")],
)
def test_a_status_needs_a_verdict_and_a_reason(desk, line, code):
    found = [problem for problem, _, _ in desk.problems(below(desk.printed.text, FIRST, line))]
    assert found == ([code] if code else [])


def test_a_status_is_set_once_and_only_where_there_is_one(desk):
    twice = below(below(desk.printed.text, FIRST, "! worse: a"), FIRST, "! better: b")
    assert [code for code, _, _ in desk.problems(twice)] == ["K004"]
    note = desk.printed.text.replace("## Note of the desk {#note}\n", "## Note of the desk {#note}\n! worse: a\n")
    assert [code for code, _, _ in desk.problems(note)] == ["K010"]


def test_another_status_composed_since_is_a_conflict_and_the_same_one_settles_it(desk):
    desk.save(below(desk.printed.text, FIRST, "! worse: a reason"))

    def anew(verdict):
        def with_verdict(item):
            return replace(item, status=replace(item.status, verdict=verdict)) if item.id == FIRST else item

        sections = tuple(replace(one, items=tuple(map(with_verdict, one.items))) for one in desk.composed.sections)
        return apply_edits(replace(desk.composed, sections=sections), desk.edits)

    assert [conflict.reason for conflict in anew(Verdict.UNCHANGED).conflicts] == ["the status is composed as unchanged now"]
    settled = anew(Verdict.WORSE)
    assert settled.conflicts == ()
    assert item_of(settled.edition).status.override == ""


def test_other_languages_go_along_and_keep_their_own_reason(desk):
    other = replace(desk.composed, language="be")
    desk.save(below(desk.printed.text, FIRST, "! worse: in English"))
    first = shared_with(other, (), desk.edits)
    assert [(edit.kind, edit.text) for edit in first] == [(EditKind.STATUS, "in English")]
    own = (replace(first[0], text="па-беларуску"),)
    assert shared_with(other, own, desk.edits) == own
    assert shared_with(other, own, ()) == ()


def test_what_is_taken_out_in_one_language_is_taken_out_in_all(desk):
    section = next(one for one in desk.composed.sections if item_of(desk.composed) in one.items)
    text = desk.printed.text
    start = text.index(f"### {item_of(desk.composed).headline}")
    after = text.find("\n### ", start + 1)
    end = after + 1 if after >= 0 else text.index("\n## ", start) + 1
    desk.save(text[:start] + text[end:])
    other = replace(desk.composed, language="be")
    told = apply_edits(other, shared_with(other, (), desk.edits)).edition
    kept = next(one for one in told.sections if one.id == section.id)
    assert FIRST not in {item.id for item in kept.items}


def test_an_edition_with_a_status_by_hand_passes_the_check(desk):
    before = set(check_edition(desk.composed, {}, ()))
    assert any("cues come to" in problem for problem in before), "the sample's figures are made up"
    edition = desk.save(below(desk.printed.text, FIRST, "! worse: a reason"))
    assert set(check_edition(edition, {}, ())) <= before
