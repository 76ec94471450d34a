"""Edits are laid over what was composed, then or anew: the least that changes it, and nothing of them is ever lost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.digests.desk.edits import Reading, apply_edits, edits_of
from monitor.digests.desk.marks import items_of, lists_of, shortest
from monitor.model.desk import EditKind
from monitor.model.digest import Window
from monitor.model.edition import Coverage, Edition, EditionSection, Item, Role, Sentence, Status, Verdict

FIRST = "a91f3c"
WORDS = st.sampled_from(["one", "two", "three", "four", "five", "six"])
BODIES = st.lists(st.lists(WORDS, min_size=1, max_size=2).map(tuple), min_size=1, max_size=6)


def own(text):
    return Sentence(text, Role.THESIS, "en", own=True)


def item_with(body, name="i1", headline="Headline"):
    paragraphs = tuple(tuple(own(text) for text in paragraph) for paragraph in body)
    return Item(name, name, ("r",), headline, "rule", "en", Status(Verdict.UNCHANGED, "quiet"), paragraphs, ())


def edition_with(*items):
    from datetime import UTC, date, datetime

    at = datetime(2019, 3, 11, tzinfo=UTC)
    window = Window(at, at, "2019-W10", date(2019, 3, 4), date(2019, 3, 10))
    section = EditionSection("s", "Section", Status(Verdict.UNCHANGED, "quiet"), "quiet", tuple(items))
    return Edition("d", "D", "en", window, date(2019, 3, 11), at, 10, "March", (section,), (), Coverage(0, 0, 0, 0, 0))


def reading_of(edition):
    items = [item for section in edition.sections for item in section.items]
    headlines = {item.id: item.headline for item in items}
    return Reading(edition.note, dict(lists_of(edition)), headlines, {item.id: item.paragraphs for item in items})


@given(BODIES, BODIES)
def test_edits_make_of_what_was_composed_what_the_desk_wrote(before, after):
    composed, wanted = edition_with(item_with(before)), edition_with(item_with(after))
    edits = edits_of(composed, reading_of(wanted))
    edited = apply_edits(composed, edits)
    assert edited.edition.sections[0].items[0].paragraphs == wanted.sections[0].items[0].paragraphs
    assert edited.conflicts == ()
    assert (edits == ()) == (before == after)


@given(st.permutations(["a", "b", "c", "d"]), st.integers(1, 4))
def test_items_come_in_the_order_of_the_desk_without_those_it_took_out(order, count):
    composed = edition_with(*(item_with([("text " + name,)], name) for name in "abcd"))
    wanted = {items_of(composed.sections[0]): tuple(order[:count])}
    edits = edits_of(composed, replace(reading_of(composed), order=wanted))
    assert [item.id for item in apply_edits(composed, edits).edition.sections[0].items] == order[:count]


@given(BODIES, BODIES, BODIES)
def test_over_another_composition_every_edit_has_its_place_or_is_a_conflict(before, after, anew):
    composed, wanted = edition_with(item_with(before)), edition_with(item_with(after))
    edits = edits_of(composed, reading_of(wanted))
    edited = apply_edits(edition_with(item_with(anew)), edits)
    printed = {text.text for item in edited.edition.sections[0].items for paragraph in item.paragraphs for text in paragraph}
    kept = {one.text for conflict in edited.conflicts for paragraph in conflict.edit.paragraphs for one in paragraph}
    written = {one.text for edit in edits for paragraph in edit.paragraphs for one in paragraph}
    assert written <= printed | kept, "words of the desk are lost"
    assert {conflict.edit for conflict in edited.conflicts} <= set(edits)


def test_an_edit_far_from_what_came_since_stands(desk):
    text = desk.printed.text.replace("Inspections are likely to go on at the same pace.", "Nothing will change.")
    desk.save(text)
    section = desk.composed.sections[0]
    grown = replace(
        section.items[1],
        paragraphs=(*section.items[1].paragraphs[:1], (own("A late report."),), *section.items[1].paragraphs[1:]),
    )
    late = replace(section.items[1], id="late", headline="A late story", paragraphs=((own("It came late."),),))
    desk.composed = replace(
        desk.composed, sections=(replace(section, items=(section.items[0], grown, late)), *desk.composed.sections[1:])
    )
    edited = desk.edited
    texts = [one.text for one in edited.edition.sections[0].items[1].sentences]
    assert "Nothing will change." in texts
    assert "A late report." in texts
    assert [item.id for item in edited.edition.sections[0].items] == ["a91f3c", "c07d2e", "late"]
    assert edited.conflicts == ()


def test_what_came_after_an_order_was_set_stands_last_and_is_told():
    items = [item_with([(f"text {name}",)], name) for name in "abc"]
    composed = edition_with(*items)
    name = items_of(composed.sections[0])
    edits = edits_of(composed, replace(reading_of(composed), order={name: ("c", "a")}))
    late = item_with([("late",)], "late")
    edited = apply_edits(edition_with(late, *items[:2]), edits)
    assert [item.id for item in edited.edition.sections[0].items] == ["a", "late"], "b stays out, c is gone, late is new"
    assert edited.notices == ("items:s: 1 new since the desk's edit, put last: late",)


def test_a_conflict_is_kept_until_its_comment_is_taken_out(desk):
    desk.save(
        desk.printed.text.replace("### Vayar accredits a resident Orland attaché and reopens a military channel", "### Talks")
    )
    section = desk.composed.sections[0]
    other = replace(section.items[0], headline="Quite another headline")
    desk.composed = replace(
        desk.composed, sections=(replace(section, items=(other, *section.items[1:])), *desk.composed.sections[1:])
    )
    assert [(one.number, one.edit.kind) for one in desk.edited.conflicts] == [(1, EditKind.HEADLINE)]
    text = desk.printed.text
    assert "<!-- conflict 1: headline of item a91f3c: another headline is composed now. The desk wrote:\n| Talks\n" in text
    desk.save(text.replace("Inspections are likely to go on", "They are likely to go on"))
    assert len(desk.edited.conflicts) == 1, "left standing, it is kept beside the new edit"
    assert len(desk.edits) == 2
    text = desk.printed.text
    start, end = text.index("<!-- conflict"), text.index("take out this comment. -->") + len("take out this comment. -->")
    desk.save(text[:start] + text[end:])
    assert desk.edited.conflicts == ()
    assert len(desk.edits) == 1


def test_an_edit_of_an_item_that_is_gone_is_a_conflict(desk):
    desk.save(desk.printed.text.replace("Inspections are likely to go on at the same pace.", "Nothing will change."))
    section = desk.composed.sections[0]
    desk.composed = replace(desk.composed, sections=(replace(section, items=section.items[:1]), *desk.composed.sections[1:]))
    [conflict] = desk.edited.conflicts
    assert conflict.reason == "the item it belongs to is not composed any more"
    assert "| Nothing will change." in desk.printed.text


def test_marks_are_as_short_as_they_can_be():
    marks = shortest({("a", ""): "1234567890", ("b", ""): "1234599999", ("c", ""): "9999999999"})
    assert marks == {("a", ""): "q-123456", ("b", ""): "q-123459", ("c", ""): "q-9999"}
