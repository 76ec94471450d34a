"""An edited draft is read back: what it may change, and every way in which it may not, each with its place."""

from dataclasses import replace

import pytest

from monitor.model.edition import Role

FIRST = "a91f3c"
SECOND = "c07d2e"


def item_of(edition, item):
    return next(one for section in edition.sections for one in section.items if one.id == item)


def test_a_draft_that_nobody_changed_says_what_was_composed(desk):
    assert desk.save(desk.printed.text) == desk.composed
    assert desk.edits == ()
    assert desk.printed.text == desk.printed.text


@pytest.mark.parametrize("name", ["hostile_edition", "large_edition"])
def test_whatever_sources_write_a_draft_reads_back_as_it_was_composed(sample, make_desk, name):
    desk = make_desk(getattr(sample, name)())
    assert desk.save(desk.printed.text) == desk.composed
    assert desk.edits == ()


def test_a_headline_and_own_words_may_be_written_anew(desk):
    text = desk.printed.text.replace(
        "### Vayar accredits a resident Orland attaché and reopens a military channel", "### Vayar and Orland talk again"
    )
    own = "A resident post gives both sides a direct line at little political cost, and keeps it open between visits."
    item = item_of(desk.save(text.replace(own, "It is a start.")), FIRST)
    assert (item.headline, item.headline_from, item.headline_language) == ("Vayar and Orland talk again", "desk", "en")
    kept, new = item.paragraphs[0]
    assert (kept.by, new.text, new.by, new.own, new.role, new.citations) == ("", "It is a start.", "desk", True, Role.THESIS, ())
    assert len(desk.edits) == 2
    assert "### Vayar and Orland talk again {#i-a91f3c}" in desk.printed.text
    before = desk.edited.edition
    assert desk.save(desk.printed.text) == before, "what was edited reads back as it stands"


def test_a_quotation_becomes_the_desks_words_without_marks(desk):
    line = next(one for one in desk.printed.text.splitlines() if "illusions about the pace" in one)
    edition = desk.save(desk.printed.text.replace(line, "The diplomats of Orland expect no quick success."))
    [said] = [one for one in item_of(edition, FIRST).sentences if one.by == "desk"]
    assert (said.text, said.citations, said.role) == ("The diplomats of Orland expect no quick success.", (), Role.CLAIM)


def test_a_sentence_may_move_within_its_item(desk):
    text = desk.printed.text
    first = next(one for one in text.splitlines() if "Colonel Ada Ferris" in one)
    second = next(one for one in text.splitlines() if "illusions about the pace" in one)
    item = item_of(desk.save(text.replace(first + "\n", "").replace(second, second + "\n" + first)), FIRST)
    assert sorted(one.text for one in item.sentences) == sorted(one.text for one in item_of(desk.composed, FIRST).sentences)
    assert item.paragraphs[2][-1].text.startswith("Colonel Ada Ferris")


def test_an_item_may_go_and_its_section_is_weighed_anew(desk):
    text = desk.printed.text
    start, end = text.index("### Vayar"), text.index("### Инспекторы")
    edition = desk.save(text[:start] + text[end:])
    assert [one.id for one in edition.sections[0].items] == [SECOND]
    assert edition.sections[0].status.verdict.value == "unchanged", "the item that made it better is gone"
    assert edition.sections[1:] == desk.composed.sections[1:]
    text = desk.printed.text
    start = text.index("### Инспекторы")
    edition = desk.save(text[:start] + f"### {{#i-{FIRST}}}\n\n" + text[start:])
    assert edition == desk.composed, "a heading with nothing below it brings back what was composed"


def test_items_may_be_put_in_another_order(desk):
    text = desk.printed.text
    start, middle, end = text.index("### Vayar"), text.index("### Инспекторы"), text.index("### Also noted")
    edition = desk.save(text[:start] + text[middle:end] + text[start:middle] + text[end:])
    assert [item.id for item in edition.sections[0].items] == [SECOND, FIRST]
    assert edition.sections[0].status == desk.composed.sections[0].status
    assert len(desk.edits) == 1


def test_notes_and_dates_may_go_and_the_desk_may_say_something(desk):
    lines = desk.printed.text.splitlines(keepends=True)
    text = "".join(one for one in lines if "{#n-st-901}" not in one and "{#w-4f5412b6}" not in one)
    edition = desk.save(text.replace("{#note}\n", "{#note}\n\nFirst\nwords.\n\nSecond words.\n"))
    assert [note.story for note in edition.sections[0].notes] == ["st-902"]
    assert len(edition.watch) == len(desk.composed.watch) - 1
    assert edition.note == "First words.\n\nSecond words."


def test_a_sentence_that_only_one_side_has_may_be_printed_among_the_others(desk):
    told = item_of(desk.composed, FIRST).one_sided[0].sentence
    mark = next(line for line in desk.printed.text.splitlines() if told.text in line).split("]")[0][1:]
    day = f"{told.day.isoformat()}: " if told.day else ""
    text = desk.printed.text.replace(
        "<!-- outlook -->\n", f"<!-- background -->\n{day}“{told.text}” [{mark}]\n\n<!-- outlook -->\n", 1
    )
    [said] = [one for one in item_of(desk.save(text), FIRST).sentences if one.text == told.text]
    assert (said.citations, said.role) == (told.citations, Role.BACKGROUND)


CHANGED = [
    ("A word of a quotation.", "Colonel Ada Ferris presented", "Colonel Ada Ferris handed over", "K006"),
    ("The end of a quotation.", "in Vayar since 2013.” [", "in Vayar since 2014.” [", "K006"),
    ("The date of a quotation.", "2019-03-05: “Colonel", "2019-03-06: “Colonel", "K009"),
    ("A mark of another item.", "since 2013.” [q-3d0c]", "since 2013.” [q-7828]", "K007"),
    ("A quotation without its mark.", "2019-03-05: “Пост станет", "“Пост станет", "K009"),
    ("Invented words of somebody.", "The Vayar leadership has", "“We never wanted this at all,” they say; it has", "K008"),
    ("A whole quotation that is invented.", "Inspections are likely to go on at the same pace.", "“We go on.”", "K007"),
    ("A mark in the middle.", "The Vayar leadership has", "The [q-3d0c] leadership has", "K007"),
    ("A heading without its mark.", "military channel {#i-a91f3c}", "military channel", "K003"),
    ("An item nobody knows.", "{#i-a91f3c}", "{#i-a91f3d}", "K003"),
    ("A section nobody knows.", "{#s-contacts}", "{#s-contact}", "K003"),
    ("The status of an item.", "> ↑ better: A channel that was", "> ↓ worse: A channel that was", "K009"),
    ("The status of a section.", "> ↑ better: A channel was opened and", "> → unchanged: A channel was opened and", "K009"),
    ("The title of a note.", "agree to share radar data", "agree to sell radar data", "K009"),
    ("A note without its mark.", " {#n-st-901}", "", "K003"),
    ("A comment, which nobody keeps.", "The Vayar leadership has", "<!-- is this so? -->\nThe Vayar leadership has", "K011"),
    ("Text between section and item.", "### Vayar accredits", "Lost words.\n\n### Vayar accredits", "K010"),
    ("The front matter.", "language: en", "language: be", "K001"),
    ("A file of another day.", "made-from: ", "made-from: 0", "K002"),
]


@pytest.mark.parametrize(("case", "old", "new", "code"), CHANGED, ids=[row[0] for row in CHANGED])
def test_what_may_not_be_changed_is_told_with_its_line(desk, case, old, new, code):
    text = desk.printed.text
    assert old in text
    changed = text.replace(old, new, 1)
    pairs = zip(changed.splitlines(), text.splitlines(), strict=False)
    line = next(number for number, (one, other) in enumerate(pairs, 1) if one != other)
    assert (code, line) in [row[:2] for row in desk.problems(changed)]


def test_a_changed_quotation_is_told_at_the_character_with_both_ways_to_mend(desk):
    text = desk.printed.text.replace("Ada Ferris presented", "Ada Ferris handed over")
    _, [problem] = desk.read(text)
    line = text.splitlines()[problem.place.line - 1]
    assert line[problem.place.column - 1 :].startswith("handed over")
    assert "put back “Colonel Ada Ferris presented" in problem.mend
    assert "in the desk's words" in problem.mend


def test_without_front_matter_nothing_is_believed(desk):
    assert ("K001", 1, 1) in desk.problems(desk.printed.text.removeprefix("---\n"))
    assert "K001" in [row[0] for row in desk.problems("")]


def test_a_section_that_was_taken_out_is_missed_and_one_that_stands_twice_told(desk):
    text = desk.printed.text
    start, end = text.index("## Law"), text.index("## Dates")
    assert [row[0] for row in desk.problems(text[:start] + text[end:])] == ["K003"]
    assert [row[0] for row in desk.problems(text[:end] + text[start:end] + text[end:])] == ["K004"]


def test_an_item_in_another_section_or_twice_is_told(desk):
    text = desk.printed.text
    start, end = text.index("### Northern"), text.index("## Law")
    moved = text[:start] + text[end:].replace("## Dates", text[start:end] + "## Dates")
    assert [row[0] for row in desk.problems(moved)] == ["K005"]
    assert "K004" in [row[0] for row in desk.problems(text[:end] + text[start:end] + text[end:])]


def test_a_quotation_twice_is_told(desk):
    line = next(one for one in desk.printed.text.splitlines() if "Colonel Ada Ferris" in one)
    assert [row[0] for row in desk.problems(desk.printed.text.replace(line, f"{line}\n{line}"))] == ["K004"]


def test_all_problems_are_told_at_once_in_order(desk):
    text = (
        desk.printed.text.replace("language: en", "language: be").replace("Ada Ferris", "Eve Ferris").replace(" {#n-st-901}", "")
    )
    problems = desk.problems(text)
    assert [row[0] for row in problems] == ["K001", "K006", "K003"]
    assert [row[1] for row in problems] == sorted(row[1] for row in problems)


def test_a_long_headline_is_a_warning(desk):
    reading, [problem] = desk.read(desk.printed.text.replace("### Vayar accredits", "### " + "very " * 20 + "Vayar accredits"))
    assert (problem.code, problem.severity.value) == ("K012", "warning")
    assert reading.headlines[FIRST].startswith("very very")


def test_an_open_comment_swallows_nothing_unseen(desk):
    assert "K011" in [row[0] for row in desk.problems(desk.printed.text.replace("## Law", "<!-- \n## Law"))]


def test_own_words_that_look_like_marks_of_the_draft_stay_own_words(desk):
    item = item_of(desk.composed, FIRST)
    odd = tuple(replace(one, text=text) for one, text in zip(item.paragraphs[0], ("# No heading", "> No status"), strict=True))
    section = desk.composed.sections[0]
    changed = replace(section, items=(replace(item, paragraphs=(odd, *item.paragraphs[1:])), *section.items[1:]))
    desk.composed = replace(desk.composed, sections=(changed, *desk.composed.sections[1:]))
    assert desk.save(desk.printed.text) == desk.composed
