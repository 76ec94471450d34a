"""`monitor feeds`: the catalogue on the command line."""

from monitor.feeds.catalogue import load_feeds
from monitor.feeds.opml import read_opml


def test_json_lists_each_feed_as_the_contract_names_it(desk):
    [before] = desk.lines("feeds", "list")
    assert {"id", "url", "state", "reason", "last_status", "last_fetch_at", "next_fetch_at", "failures", "entries"} <= set(before)
    assert (before["state"], before["reason"], before["last_fetch_at"], before["entries"]) == ("new", "not polled yet", None, 0)
    desk.run("poll")
    [after] = desk.lines("feeds", "list")
    assert (after["state"], after["last_status"], after["entries"], after["failures"]) == ("healthy", 200, 2, 0)


def test_people_see_state_and_reason_and_how_many_are_polled(desk):
    desk.write(
        "seeds/more.yml",
        "feeds:\n  - {id: closed, name: Closed, url: 'http://closed.example/rss', disabled: 'it was closed in 2018'}\n",
    )
    out = desk.run("feeds", "list").stdout
    assert "not polled yet" in out
    assert "kind" in out
    assert "it was closed in 2018" in out
    assert "2 feeds, 1 polled" in out
    [closed] = [feed for feed in desk.lines("feeds", "list") if feed["id"] == "closed"]
    assert (closed["state"], closed["reason"]) == ("disabled", "it was closed in 2018")


def test_add_finds_the_feed_of_a_page_and_writes_it_to_the_catalogue(desk):
    (desk.home / "seeds" / "press.yml").unlink()
    done = desk.run(
        "feeds", "add", desk.server.url("/"), "--id", "found", "--stance", "exile", "--country", "by", "--group", "mine"
    )
    assert "added" in done.stdout
    [feed] = load_feeds(desk.home / "seeds")
    assert (feed.id, feed.url, feed.name, feed.stance.value, feed.country) == (
        "found",
        desk.server.url("/feed.xml"),
        "The Gazette of loopback",
        "exile",
        "BY",
    )
    assert (desk.home / "seeds" / "mine.yml").exists()
    assert desk.run("check").returncode == 0


def test_add_refuses_what_is_there_already_and_what_is_no_feed(desk):
    assert "in the catalogue already, as gazette" in desk.run("feeds", "add", desk.server.url("/feed.xml"), expect=2).stderr
    # the page names no feed, but the site keeps one at a usual place
    assert "in the catalogue already, as gazette" in desk.run("feeds", "add", desk.server.url("/talks.html"), expect=2).stderr
    desk.server.reply("/other.xml", b'<rss version="2.0"><channel><title>Other</title></channel></rss>')
    assert "unknown stance" in desk.run("feeds", "add", desk.server.url("/other.xml"), "--stance", "odd", expect=2).stderr
    assert "is taken" in desk.run("feeds", "add", desk.server.url("/other.xml"), "--id", "gazette", expect=2).stderr
    assert desk.run("feeds", "add", desk.server.url("/absent.xml"), expect=3).stderr
    assert len(load_feeds(desk.home / "seeds")) == 1


def test_check_explains_what_a_poll_sees_and_fails_where_there_is_no_feed(desk):
    good = desk.run("feeds", "check", desk.server.url("/feed.xml")).stdout
    assert "“The Gazette of loopback”, 2 entries, newest 2019-03-05 13:00 UTC" in good
    assert 'ETag "1"' in good
    bad = desk.run("feeds", "check", desk.server.url("/"), expect=1).stdout
    assert f"the page names {desk.server.url('/feed.xml')}" in bad
    gone = desk.run("feeds", "check", desk.server.url("/absent"), expect=1).stdout
    assert "404" in gone
    assert desk.run("feeds", "check").returncode == 0


def test_check_stores_nothing(desk):
    desk.run("feeds", "check")
    [feed] = desk.lines("feeds", "list")
    assert feed["state"] == "new"


def test_opml_goes_out_and_comes_in_without_doubles(desk):
    desk.run("feeds", "export", "--out", "feeds.opml")
    [feed] = read_opml((desk.home / "feeds.opml").read_bytes())
    assert (feed.id, feed.url) == ("gazette", desk.server.url("/feed.xml"))
    more = '<outline type="rss" text="West" xmlUrl="http://west.example/rss"/></body>'
    text = (desk.home / "feeds.opml").read_text(encoding="utf-8").replace("</body>", more)
    desk.write("more.opml", text)
    assert "1 feed added" in desk.run("feeds", "import", "more.opml").stdout
    assert "0 feeds added" in desk.run("feeds", "import", "more.opml").stdout
    assert sorted(feed.url for feed in load_feeds(desk.home / "seeds")) == sorted(
        [desk.server.url("/feed.xml"), "http://west.example/rss"]
    )


def test_what_is_no_opml_is_wrong(desk):
    desk.write("bad.opml", "<html></html>")
    assert "is not OPML" in desk.run("feeds", "import", "bad.opml", expect=2).stderr
