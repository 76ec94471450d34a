"""The desk's steps on the whole: a draft waits, is edited, approved or held, goes out once, and is corrected afterwards."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor import desk, pipeline, publishing, scheduler
from monitor.digests.due import due_of_week
from monitor.health import waiting_drafts
from monitor.metrics import Metrics
from monitor.model.delivery import Subscribed, Subscription
from monitor.model.desk import DraftState
from monitor.model.digest import Review
from monitor.model.errors import StoreBusy, WrongFiles, WrongUse
from monitor.scheduler import Bench, due_now, publish_due
from monitor.settings import Settings

BODY = "The neighbours agreed on talks about the bridge, the minister said on Tuesday in the capital.\n" * 4
MONDAY = datetime.fromisoformat("2019-03-11T05:00:00+00:00")
"""08:00 in Minsk."""
WEEKLY = "weekly/2019-03-11"


def with_review(world, review, wait=timedelta(), **changes):
    [digest] = world.parts.files.digests
    digest = replace(digest, review=review, review_for=wait, **changes)
    world.parts = replace(world.parts, files=replace(world.parts.files, digests=(digest,)))
    return digest


@pytest.fixture
def world(make_world):
    """An article of the week, a reader, and the Monday on which the edition falls due."""
    made = make_world("north", at=MONDAY - timedelta(days=5))
    made.article("north", "1", "Neighbours agreed on talks about the bridge", BODY)
    pipeline.poll(made.parts)
    wish = Subscription(0, "weekly", "ann@example.org", "ann@example.org", "en", Subscribed.ACTIVE, made.clock(), made.clock())
    made.store.subscribe(wish)
    [digest] = made.parts.files.digests
    due_now(made.store, digest, made.clock())  # the service first ran here
    made.clock.at = MONDAY
    return made


@pytest.fixture
def bench(world, tmp_path):
    return Bench(world.parts, Settings(home=tmp_path), Metrics(), tmp_path / "out")


def tick(bench, world):
    bench.parts = world.parts
    return [(report.frozen.id, report.frozen.revision, report.messages) for report in publish_due(bench)]


def edit(world, draft, change, language="en"):
    printed, _ = desk.text_of(world.store, draft, language)
    return desk.save_text(world.parts, draft, language, change(printed.text), "draft.md").draft


def test_an_edition_that_needs_approval_waits_and_nobody_gets_mail(world, bench):
    with_review(world, Review.REQUIRED)
    assert tick(bench, world) == []
    [draft] = world.store.drafts()
    assert (draft.id, draft.state, draft.goes_out_at, list(draft.edits)) == (WEEKLY, DraftState.WAITING, None, ["en", "be"])
    world.clock.advance(timedelta(days=3))
    assert tick(bench, world) == []
    assert world.store.drafts() == (draft,), "made once"
    assert (world.store.editions(), world.store.outbox()) == ((), ())
    assert waiting_drafts(world.store) == {"desk": f"degraded: {WEEKLY} waiting since {MONDAY.isoformat()}"}
    desk.approve(world.parts, draft)
    assert tick(bench, world) == [(WEEKLY, 1, 1)]
    assert tick(bench, world) == []
    assert waiting_drafts(world.store) == {}
    assert world.store.draft(WEEKLY).state is DraftState.OUT
    assert (bench.out / "weekly/2019-W10/en/index.html").exists()


def test_an_edition_with_a_time_goes_out_by_itself_unless_held(world, bench):
    with_review(world, Review.UNTIL, timedelta(hours=2))
    world.clock.advance(timedelta(hours=1))  # late: it has its two hours all the same
    assert tick(bench, world) == []
    [draft] = world.store.drafts()
    assert draft.goes_out_at == MONDAY + timedelta(hours=3)
    assert waiting_drafts(world.store) == {}, "nobody need do anything"
    held = desk.hold(world.parts, draft, "a name")
    world.clock.advance(timedelta(hours=5))
    assert tick(bench, world) == []
    assert desk.decision(world.store, held, world.clock()).reason == "held since 2019-03-11 06:00 UTC: a name"
    desk.approve(world.parts, held)
    assert tick(bench, world) == [(WEEKLY, 1, 1)]


def test_an_edition_whose_time_is_over_goes_out(world, bench):
    with_review(world, Review.UNTIL, timedelta(hours=2))
    tick(bench, world)
    world.clock.advance(timedelta(hours=2) - timedelta(seconds=1))
    assert tick(bench, world) == []
    world.clock.advance(timedelta(seconds=1))
    assert tick(bench, world) == [(WEEKLY, 1, 1)]


def test_edits_reach_the_reader_and_only_in_their_language(world, bench):
    with_review(world, Review.REQUIRED)
    tick(bench, world)
    draft = edit(world, world.store.draft(WEEKLY), lambda text: text.replace("{#note}\n", "{#note}\n\nRead this with care.\n"))
    desk.approve(world.parts, draft)
    tick(bench, world)
    renditions = world.store.edition("weekly", MONDAY.date()).renditions
    assert json.loads(renditions["en"].json)["note"] == "Read this with care."
    assert "Read this with care." in renditions["en"].mail_text
    assert "Read this with care." not in renditions["be"].mail_text


def test_a_draft_that_nobody_edits_is_published_as_it_was_composed(world, bench):
    digest = with_review(world, Review.REQUIRED, ask_relevance=True)
    tick(bench, world)
    desk.approve(world.parts, world.store.draft(WEEKLY))
    tick(bench, world)
    [due] = due_now_of_first(world, digest)
    composed = pipeline.compose(world.parts, digest, due, digest.languages)
    expected = publishing.freeze(composed, frozen_at=world.clock())
    assert world.store.edition("weekly", MONDAY.date()) == expected
    assert "/mark/weekly/2019-03-11/" in expected.renditions["en"].mail_html


def due_now_of_first(world, digest):
    draft = world.store.draft(WEEKLY)
    return [replace(due_of_week(digest, "2019-W10", world.clock()), window=draft.window)]


@pytest.mark.parametrize("step", ["freeze_edition", "save_draft"])
def test_a_publication_that_was_cut_short_is_finished_by_the_next_tick(world, bench, monkeypatch, step):
    with_review(world, Review.REQUIRED)
    tick(bench, world)
    desk.approve(world.parts, world.store.draft(WEEKLY))
    with monkeypatch.context() as patch:
        patch.setattr(world.store, step, lambda *_: (_ for _ in ()).throw(StoreBusy("no answer")))
        assert tick(bench, world) == []
    assert world.store.draft(WEEKLY).state is DraftState.APPROVED
    tick(bench, world)
    assert world.store.draft(WEEKLY).state is DraftState.OUT
    assert len(world.store.editions()) == len(world.store.outbox()) == 1


def test_the_next_edition_begins_where_a_waiting_or_dropped_one_ends(world, bench):
    digest = with_review(world, Review.REQUIRED)
    tick(bench, world)
    first = world.store.draft(WEEKLY)
    world.clock.advance(timedelta(weeks=1))
    [due] = due_now(world.store, digest, world.clock())
    assert (due.window.start, due.window.weeks) == (first.window.end, 1)
    desk.drop(world.parts, first, "nothing in it")
    assert due_now(world.store, digest, world.clock()) == [due]


def test_edits_survive_a_recompose_and_conflicts_hold_the_edition_back(world, bench):
    with_review(world, Review.UNTIL, timedelta(hours=2))
    tick(bench, world)
    draft = world.store.draft(WEEKLY)
    [item] = [item for section in world.store.composed(WEEKLY)["en"].sections for item in section.items]
    draft = edit(world, draft, lambda text: text.replace(f"### {item.headline}", "### A headline of the desk"))
    world.clock.advance(timedelta(hours=1))
    again = desk.recompose(world.parts, draft)
    assert again.goes_out_at == world.clock() + timedelta(hours=2), "its time begins again"
    assert again.edits == draft.edits
    assert "### A headline of the desk" in desk.text_of(world.store, again)[0].text
    composed = world.store.composed(WEEKLY)
    [section] = composed["en"].sections
    other = replace(section, items=(replace(item, headline="Another source has a better one"),))
    changed = replace(again, version=again.version + 1)
    world.store.save_draft(changed, {**composed, "en": replace(composed["en"], sections=(other,))})
    text = desk.text_of(world.store, changed)[0].text
    assert "### Another source has a better one" in text
    assert "| A headline of the desk" in text, "nothing is lost"
    world.clock.advance(timedelta(hours=3))
    assert tick(bench, world) == [], "not while an edit finds no place"
    with pytest.raises(WrongUse, match="find no place any more"):
        desk.approve(world.parts, changed)
    settled = edit(world, changed, lambda text: text[: text.index("<!-- conflict")] + text[text.index("comment. -->") + 12 :])
    assert settled.edits["en"] == ()
    assert tick(bench, world) == [(WEEKLY, 1, 1)]


def test_a_file_with_problems_changes_nothing_and_they_are_told_together(world, bench):
    with_review(world, Review.REQUIRED)
    tick(bench, world)
    draft = world.store.draft(WEEKLY)
    with pytest.raises(WrongFiles) as error:
        edit(
            world,
            draft,
            lambda text: text.replace("agreed on talks about the bridge, the", "refused talks, the").replace(
                "language: en", "language: fr"
            ),
        )
    assert {problem.code for problem in error.value.problems} == {"K001", "K006"}
    assert world.store.draft(WEEKLY) == draft


def test_two_people_do_not_overwrite_each_other(world, bench):
    with_review(world, Review.REQUIRED)
    tick(bench, world)
    draft = world.store.draft(WEEKLY)
    edit(world, draft, lambda text: text.replace("{#note}\n", "{#note}\n\nOne.\n"))
    with pytest.raises(WrongUse, match="somebody else"):
        edit(world, draft, lambda text: text.replace("{#note}\n", "{#note}\n\nTwo.\n"))


@pytest.mark.parametrize("mail", [True, False])
def test_a_correction_is_a_new_revision_and_the_old_one_stays(world, bench, mail):
    with_review(world, Review.NONE)
    assert tick(bench, world) == [(WEEKLY, 1, 1)]
    edition = world.store.edition("weekly", MONDAY.date())
    draft = desk.revise(world.parts, edition, {"en": "A name was wrong."}, mail=mail)
    with pytest.raises(WrongUse, match="in be"):
        desk.approve(world.parts, draft)
    draft = desk.revise(world.parts, edition, {"be": "Імя было няправільнае."}, mail=mail)
    draft = edit(world, draft, lambda text: text.replace("{#note}\n", "{#note}\n\nSee the name.\n"))
    world.clock.advance(timedelta(hours=4))
    desk.approve(world.parts, draft)
    assert tick(bench, world) == [(f"{WEEKLY}/2", 2, int(mail))]
    assert tick(bench, world) == []
    second = world.store.edition("weekly", MONDAY.date())
    assert world.store.revisions("weekly", MONDAY.date()) == (edition, second)
    assert second.renditions["en"].subject == f"Corrected: {edition.renditions['en'].subject}"
    assert "Corrected on March 11, 2019" in second.renditions["en"].text
    folder = bench.out / "weekly/2019-W10"
    assert (folder / "en-r1/index.html").read_text(encoding="utf-8") == edition.renditions["en"].html
    assert (folder / "en/index.html").read_text(encoding="utf-8") == second.renditions["en"].html
    assert (bench.out / "weekly/feed.en.atom").read_text(encoding="utf-8").count("<entry ") == 1
    third = desk.revise(world.parts, second, {"en": "Once more.", "be": "Яшчэ раз."}, mail=False)
    desk.approve(world.parts, third)
    tick(bench, world)
    told = json.loads(world.store.edition("weekly", MONDAY.date()).renditions["en"].json)["corrections"]
    assert [(one["revision"], one["text"]) for one in told] == [(2, "A name was wrong."), (3, "Once more.")]


def test_nothing_is_made_of_what_is_out_or_decided(world, bench):
    digest = with_review(world, Review.NONE)
    tick(bench, world)
    draft = world.store.draft(WEEKLY)
    for step in (desk.recompose, desk.approve):
        with pytest.raises(WrongUse, match="is out since"):
            step(world.parts, draft)
    for step in (desk.hold, desk.drop):
        with pytest.raises(WrongUse, match="is out since"):
            step(world.parts, draft, "why")
    due = due_of_week(digest, "2019-W10", world.clock())
    assert desk.make_draft(world.parts, digest, due, ("en",)) == (draft, False)
    with pytest.raises(WrongUse, match="open are: none"):
        desk.draft_named(world.store, "weekly")
    assert scheduler.pipeline is pipeline
