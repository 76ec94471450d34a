"""The archive shows what was published and nothing that waits; a correction takes its place, the pages before stay readable."""

from monitor import desk
from monitor.digests.due import due_of_week
from monitor.health import DESK, liveness
from monitor.web.edition_page import undressed


def corrected(site):
    site.publish("2019-W10")
    world = site.world
    edition = world.store.edition_of_week("weekly", "2019-W10")
    draft = desk.revise(world.parts, edition, {"en": "A name.", "be": "Імя."}, mail=False)
    desk.publish_draft(world.parts, desk.approve(world.parts, draft), world.out)
    return edition


def test_a_draft_stands_nowhere_in_the_archive(site):
    world = site.world
    [digest] = world.parts.files.digests
    due = due_of_week(digest, "2019-W10", world.clock())
    desk.make_draft(world.parts, digest, due, ("en", "be"))
    assert site.get("/weekly/2019-W10/en/").status == 404
    assert site.get("/weekly/latest/").status == 404
    assert site.get("/weekly/feed.en.atom").status == 404
    assert b"2019-W10" not in site.get("/weekly/").body
    draft = world.store.draft("weekly/2019-03-11")
    world.store.heartbeat("scheduler", world.clock())
    assert liveness(world.store, world.clock()).facts[DESK].startswith("degraded: weekly/2019-03-11 waiting since")
    metrics = site.get("/metrics").body.decode()
    assert 'monitor_drafts{state="waiting"} 1.0' in metrics
    [since] = [
        line for line in metrics.splitlines() if line.startswith('monitor_draft_waiting_since_timestamp_seconds{digest="weekly"}')
    ]
    assert float(since.split()[1]) == draft.made_at.timestamp()


def test_a_correction_takes_its_place_and_the_pages_before_stay(site):
    first = corrected(site)
    page = site.get("/weekly/2019-W10/en/").body.decode()
    assert "A name." in page
    assert "en-r1/index.html" in page
    before = site.get("/weekly/2019-W10/en-r1/")
    assert before.status == 200
    assert undressed(before.body.decode()) == first.renditions["en"].html
    assert '<a href="/weekly/2019-W10/en/">To the corrected edition</a>' in before.body.decode()
    assert site.get("/weekly/2019-W10/en-r1/frozen.html").body.decode() == first.renditions["en"].html
    assert "immutable" in site.get("/weekly/2019-W10/en-r1/edition.json").headers["Cache-Control"]
    assert site.get("/weekly/2019-W10/be-r1/edition.json").body.decode() == first.renditions["be"].json
    feed = site.get("/weekly/feed.en.atom").body.decode()
    assert feed.count("<entry ") == 1
    assert "Corrected: " in feed


def test_a_revision_that_is_not_there_or_is_the_newest_has_no_page(site):
    corrected(site)
    for name in ("en-r2", "en-r3", "en-r0", "en-r", "ru-r1", "-r1", "en-r-1"):
        assert site.get(f"/weekly/2019-W10/{name}/").status == 404, name


def test_the_pages_of_an_edition_without_a_correction_have_no_number(site):
    site.publish("2019-W10")
    assert site.get("/weekly/2019-W10/en-r1/").status == 404
    assert site.get("/weekly/2019-W10/en/").status == 200
