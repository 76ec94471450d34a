"""What every store promises of drafts and of revisions of an edition."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.model.delivery import Subscribed, Subscription
from monitor.model.desk import Draft, DraftState, Edit, EditKind
from monitor.model.edition import Citation, Coverage, Edition, Role, Sentence, SourceRef
from monitor.model.errors import WrongUse
from monitor.model.feed import Stance

AT = datetime(2019, 3, 11, 5, tzinfo=UTC)
KEY = date(2019, 3, 11)


def sentence(text="Said.", **changes):
    source = SourceRef("north", "The North", Stance.STATE, "en")
    cited = (Citation("a1", "http://north.example/1", "Title", "text", 0, 5, source, AT),)
    return Sentence(**{"text": text, "role": Role.EVENT, "language": "en", "day": KEY, "citations": cited} | changes)


def full_draft(make):
    window = make.edition().window
    edits = (
        Edit(
            EditKind.PARAGRAPHS, "item-1", ("a", "b"), "c", paragraphs=((sentence(), sentence("Own.", own=True, citations=())),)
        ),
        Edit(EditKind.ORDER, "items:talks", ("i1", "i2"), ids=("i2",)),
        Edit(EditKind.NOTE, "", text="A note."),
    )
    return Draft(
        "weekly/2019-03-11", "weekly", KEY, window, AT, AT, AT, "due Monday", DraftState.HELD, "a name is wrong",
        AT + timedelta(hours=2), 11, {"en": edits, "ru": ()}, 1, 2, False, {"en": "A name."},
    )  # fmt: skip


def composed(make):
    window = make.edition().window
    return {
        language: Edition("weekly", "Talks", language, window, KEY, AT, 11, "March", (), (), Coverage(1, 2, 3, 4, 5))
        for language in ("ru", "en")
    }


def test_a_draft_comes_back_with_every_field_and_with_what_was_composed(store, make):
    draft = full_draft(make)
    same = [part.name for part in fields(draft) if getattr(draft, part.name) == part.default]
    assert same == ["version"], "a field kept its default"
    assert store.save_draft(draft, composed(make))
    assert store.draft(draft.id) == draft
    assert store.composed(draft.id) == composed(make)
    assert list(store.composed(draft.id)) == ["ru", "en"]
    assert (store.draft("none"), store.composed("none")) == (None, {})


def test_a_draft_is_saved_only_over_the_version_that_was_read(store, make):
    draft = full_draft(make)
    store.save_draft(draft, composed(make))
    assert not store.save_draft(replace(draft, why="again"), {})
    mine = replace(draft, version=2, state=DraftState.WAITING)
    assert store.save_draft(mine)
    assert not store.save_draft(replace(draft, version=2, state=DraftState.DROPPED)), "somebody else was faster"
    assert not store.save_draft(replace(draft, version=4)), "a version is missing"
    assert store.draft(draft.id) == mine
    assert store.composed(draft.id) == composed(make), "what was composed stays where none is given"
    assert store.save_draft(replace(mine, version=3), {})
    assert store.composed(draft.id) == {}


def test_drafts_are_listed_by_date_digest_and_state(store, make):
    one = full_draft(make)
    late = replace(one, id="weekly/2019-03-18", key=date(2019, 3, 18), state=DraftState.OUT)
    other = replace(one, id="other/2019-03-04", digest="other", key=date(2019, 3, 4))
    for draft in (late, one, other):
        store.save_draft(draft, {})
    assert [draft.id for draft in store.drafts()] == [other.id, one.id, late.id]
    assert [draft.id for draft in store.drafts(digest="weekly")] == [one.id, late.id]
    assert [draft.id for draft in store.drafts(digest="weekly", states=(DraftState.OUT, DraftState.DROPPED))] == [late.id]


@pytest.fixture
def corrected(store, make):
    """The store with an edition mailed to one person, and its correction mailed as well."""
    wish = Subscription(0, "weekly", "ann@example.org", "ann@example.org", "en", Subscribed.ACTIVE, make.now, make.now)
    person = store.subscribe(wish)
    first = make.edition(revision=1)
    second = replace(first, id=f"{first.id}/2", revision=2, inputs_hash="other", frozen_at=first.frozen_at + timedelta(hours=3))
    assert store.freeze_edition(first, [make.message(person.id)])
    assert store.freeze_revision(second, [make.message(person.id, edition=second.id, message_id="<2@x>")])
    return store, first, second


def test_a_revision_takes_the_place_of_the_one_before_which_is_kept(corrected):
    store, first, second = corrected
    assert store.edition("weekly", KEY) == second
    assert store.editions() == store.editions("weekly") == (second,)
    assert store.last_edition("weekly") == second
    assert store.edition_of_week("weekly", first.week) == second
    assert store.revisions("weekly", KEY) == (first, second)
    assert store.revisions("weekly", date(2019, 3, 12)) == ()
    assert [row.edition for row in store.outbox()] == [first.id, second.id]


def test_a_revision_needs_the_one_before_it(corrected):
    store, first, second = corrected
    assert not store.freeze_revision(second, ()), "asking twice is harmless"
    assert not store.freeze_revision(replace(second, id="weekly/2019-03-11/4", revision=4), ())
    assert not store.freeze_revision(replace(second, id="weekly/2019-03-18/2", key=date(2019, 3, 18)), ()), "nothing to correct"
    assert not store.freeze_edition(first, ())
    third = replace(second, id="weekly/2019-03-11/3", revision=3)
    assert store.freeze_revision(third, ())
    assert [edition.revision for edition in store.revisions("weekly", KEY)] == [1, 2, 3]
    assert store.edition("weekly", KEY) == third


def test_a_revision_is_not_frozen_with_messages_of_another(corrected, make):
    store, first, second = corrected
    with pytest.raises(WrongUse, match=first.id):
        store.freeze_revision(replace(second, id=f"{first.id}/3", revision=3), [make.message(1)])
