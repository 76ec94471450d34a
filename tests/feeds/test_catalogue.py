"""Seeds read, checked and written."""

from dataclasses import replace
from datetime import timedelta
from string import ascii_lowercase, digits

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.feeds.catalogue import check_feeds, load_feeds, parse_interval
from monitor.feeds.catalogue_writing import append_feed, feed_to_yaml, interval_text
from monitor.model.errors import WrongFiles, WrongUse
from monitor.model.feed import Feed, FeedKind, Selectors, Stance
from monitor.model.problem import Severity


@pytest.fixture
def seeds(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()

    def write(**files):
        for name, text in files.items():
            (folder / f"{name}.yml").write_text(text, encoding="utf-8")
        return folder

    return write


GOOD = """# ours
feeds:
  - id: belta-ru
    name: BelTA
    url: https://www.belta.by/rss
    kind: feed
    publisher: Belarusian Telegraph Agency
    country: BY
    language: ru
    stance: state
    home: https://belta.by
    interval: 2h
    of_record: true
    seen: a list
    note: "no: quotes"
    disabled: closed
  - {id: b, url: "https://b.org/"}
"""


def test_every_field_is_read(seeds):
    full, bare = load_feeds(seeds(group=GOOD))
    assert full == Feed(
        id="belta-ru",
        url="https://www.belta.by/rss",
        name="BelTA",
        publisher="Belarusian Telegraph Agency",
        country="BY",
        language="ru",
        stance=Stance.STATE,
        group="group",
        kind=FeedKind.FEED,
        home="https://belta.by",
        interval=timedelta(hours=2),
        disabled="closed",
        seen="a list",
        note="no: quotes",
        of_record=True,
    )
    assert bare == Feed("b", "https://b.org/", "b", group="group")


def test_pages_and_sitemaps_say_how_they_are_read(seeds):
    page, sitemap, kept = load_feeds(
        seeds(
            a="""feeds:
  - {id: p, url: "https://p.org/", kind: page, links: "ul.news a", title: h4, date: .when, next: a.next, base: "https://p.org/b/", exclude: /ads/*}
  - {id: s, url: "https://s.org/map.xml", kind: sitemap, include: [/news/*, "https://other.org/*"]}
  - {id: k, url: "https://k.org/", kind: page, disabled: no selector yet}
"""
        )
    )
    assert page.selectors == Selectors("ul.news a", "h4", ".when", "a.next", 3, "https://p.org/b/")
    assert page.exclude == ("/ads/*",)
    assert (sitemap.kind, sitemap.include) == (FeedKind.SITEMAP, ("/news/*", "https://other.org/*"))
    assert kept.selectors == Selectors()


@pytest.mark.parametrize(
    ("lines", "code", "place", "says", "mend"),
    [
        ("kind: page", "S004", "2:5", "`links` is missing", "feeds add"),
        ("links: ul a", "S017", "5:12", "belongs to `kind: page`, and this is `kind: feed`", "remove"),
        ("kind: sitemap\n    next: a", "S017", "6:11", "belongs to `kind: page`, and this", ""),
        ("include: [/a]", "S017", "5:14", "or `kind: sitemap`", ""),
        ("kind: page\n    links: 'ul..a'", "S018", "6:12", "no CSS selector: Expected", "ul.news a"),
        ("kind: page\n    links: 'a::text'", "S018", "6:12", "no CSS selector", ""),
        ("kind: page\n    links: a\n    date: ''", "S018", "7:11", "it is empty", ""),
        ("kind: page\n    links: [a]", "S005", "6:12", "is not text", "quotes"),
        ("kind: page\n    links: a\n    next: b\n    pages: 11", "S019", "8:12", "from 1 to 10", ""),
        ("kind: page\n    links: a\n    pages: 2", "S019", "7:12", "without `next`", "next: a.next"),
        ("kind: page\n    links: a\n    base: /x", "S008", "7:11", "not an http", ""),
        ("kind: sitemap\n    include: 5", "S005", "6:14", "no list of texts", '["/news/*"]'),
        ("kind: sitemap\n    exclude: [video]", "S020", "6:14", "no pattern", '"*video*"'),
        ("kind: page\n    link: a\n    links: a", "S003", "6:5", 'unknown key "link"', '"links"'),
    ],
)
def test_what_is_wrong_with_selectors_has_place_and_mend(seeds, lines, code, place, says, mend):
    folder = seeds(a=f"feeds:\n  - id: a\n    url: https://a.org/\n    # here\n    {lines}\n")
    feeds, problems = check_feeds(folder)
    assert feeds == ()
    assert [(problem.code, str(problem.place)) for problem in problems] == [(code, f"seeds/a.yml:{place}")]
    assert says in problems[0].message
    assert mend in problems[0].mend


@pytest.mark.parametrize(
    ("line", "code", "column", "says", "mend"),
    [
        ("kindd: feed", "S003", 5, 'unknown key "kindd"', 'did you mean "kind"?'),
        ("name: [a]", "S005", 11, "`name` is not text", ""),
        ("note: 5", "S005", 11, "`note` is not text", 'note: "5"'),
        ("stance: western_government", "S010", 13, "is no stance", 'did you mean "western-government"?'),
        ("stance: purple", "S010", 13, "is no stance", "one of: state, independent"),
        ("kind: rss", "S010", 11, "is no kind", "one of: feed, page, sitemap"),
        ("country: UK", "S011", 14, "not an ISO 3166-1", "did you mean GB?"),
        ("country: by", "S011", 14, "not an ISO 3166-1", "did you mean BY?"),
        ("country: Belarus", "S011", 14, "not an ISO 3166-1", "two letters"),
        ("language: ua", "S012", 15, "not an ISO 639-1", "did you mean uk?"),
        ("language: RU", "S012", 15, "not an ISO 639-1", "did you mean ru?"),
        ("interval: 60", "S013", 15, "is no interval", "did you mean 60m?"),
        ("interval: 5m", "S013", 15, "too often", "15m is the least"),
        ("interval: 90d", "S013", 15, "longer than a month", "disabled"),
        ("interval: hourly", "S013", 15, "is no interval", "60m, 2h, 1d"),
        ("disabled: true", "S015", 15, "no reason", "write why"),
        ('disabled: ""', "S015", 15, "no reason", "write why"),
        ("of_record: ja", "S015", 16, "neither true nor false", "of_record: true"),
    ],
)
def test_problems_have_place_and_mend(seeds, line, code, column, says, mend):
    folder = seeds(a=f"feeds:\n  - id: a\n    url: https://a.org/\n    {line}\n")
    feeds, problems = check_feeds(folder)
    assert feeds == ()
    assert [(problem.code, str(problem.place)) for problem in problems] == [(code, f"seeds/a.yml:4:{column}")]
    assert says in problems[0].message
    assert mend in problems[0].mend


@pytest.mark.parametrize(
    ("url", "says", "mend"),
    [
        ("www.belta.by/rss", "not an http or https address", "did you mean https://www.belta.by/rss?"),
        ("htp://belta.by/rss", "not an http or https address", "did you mean https://belta.by/rss?"),
        ("file:///etc/passwd", "not an http or https address", ""),
        ("https://", "not an http or https address", ""),
        ("https://user:pw@belta.by/", "user name", ""),
        ('"https://belta.by/a b"', "white space", "https://belta.by/a%20b"),
        (f"https://belta.by/{'x' * 2048}", "longer than 2048", ""),
    ],
)
def test_addresses_that_cannot_be_feeds(seeds, url, says, mend):
    _, (problem,) = check_feeds(seeds(a=f"feeds:\n  - id: a\n    url: {url}\n"))
    assert problem.code == "S008"
    assert says in problem.message
    assert mend in problem.mend


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("feeds: [", "S001"),
        ("feeds:\n  - id: a\n    id: b\n", "S002"),
        ("feeds:\n  - id: a\n    url: https://a.org/\nother: 1\n", "S003"),
        ("rules: []\n", "S004"),
        ("- id: a\n", "S004"),
        ("feeds:\n  - name: a\n    url: https://a.org/\n", "S004"),
        ("feeds:\n  - id: a\n", "S004"),
        ("feeds: a\n", "S005"),
        ("feeds:\n  - just text\n", "S005"),
        ("feeds:\n  - id: 112\n    url: https://a.org/\n", "S005"),
        ("feeds:\n  - id: Bel Ta\n    url: https://a.org/\n", "S006"),
        ("feeds:\n  - id: [a]\n    url: https://a.org/\n", "S005"),
    ],
)
def test_files_that_do_not_hold(seeds, text, code):
    _, problems = check_feeds(seeds(a=text))
    assert [problem.code for problem in problems] == [code]


def test_ids_are_unique_over_all_files(seeds):
    one = "feeds:\n  - id: a\n    url: https://{}.org/\n"
    feeds, problems = check_feeds(seeds(a=one.format("a"), b=one.format("b")))
    assert [feed.url for feed in feeds] == ["https://a.org/"]
    assert (problems[0].code, str(problems[0].place)) == ("S007", "seeds/b.yml:2:9")
    assert "seeds/a.yml:2:9" in problems[0].message


def test_an_address_used_twice_is_only_a_warning(seeds):
    folder = seeds(a="feeds:\n  - {id: a, url: https://a.org/f}\n  - {id: b, url: 'https://A.org:443/f'}\n")
    assert len(load_feeds(folder)) == 2
    assert [(problem.code, problem.severity) for problem in check_feeds(folder)[1]] == [("S009", Severity.WARNING)]


def test_all_problems_of_all_files_are_raised_at_once(seeds):
    folder = seeds(a="feeds: [", b="feeds:\n  - id: B\n    url: x\n    intervall: 1\n", c=GOOD)
    with pytest.raises(WrongFiles) as caught:
        load_feeds(folder)
    assert [problem.code for problem in caught.value.problems] == ["S001", "S006", "S008", "S003"]


def test_missing_and_empty_folders_are_told(tmp_path, seeds):
    with pytest.raises(WrongFiles, match="no such folder"):
        load_feeds(tmp_path / "none")
    folder = seeds()
    assert load_feeds(folder) == ()
    assert check_feeds(folder)[1][0].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("60m", 60), ("2h", 120), ("1d", 1440), (" 15 M ", 15), ("h", None), ("1w", None), ("-5m", None), ("", None)],
)
def test_intervals(text, minutes):
    assert parse_interval(text) == (None if minutes is None else timedelta(minutes=minutes))


@given(st.integers(15, 40_000))
def test_intervals_survive_writing(minutes):
    assert parse_interval(interval_text(timedelta(minutes=minutes))) == timedelta(minutes=minutes)


LINE = st.text(st.characters(exclude_categories=["Cs"]), max_size=25).map(str.strip)
PATTERNS = st.lists(st.text("ab*?[]-/", max_size=8).map(lambda text: f"/{text}"), max_size=3).map(tuple)
SELECTOR = st.sampled_from(["a", "ul.news a", 'a[href*="/x/"]', "#id > h3", "a:not(.b)"])
SELECTORS = st.builds(
    Selectors,
    links=SELECTOR,
    title=st.just("") | SELECTOR,
    date=st.just("") | SELECTOR,
    next=SELECTOR,
    pages=st.integers(1, 10),
    base=st.sampled_from(["", "https://e.org/b/"]),
)


def sought(feed, selectors, include, exclude):
    """The feed with what its kind can be read by."""
    if feed.kind is FeedKind.FEED:
        return feed
    read = replace(feed, include=include, exclude=exclude)
    return read if feed.kind is FeedKind.SITEMAP else replace(read, selectors=selectors)


FEEDS = st.builds(
    Feed,
    id=st.text(ascii_lowercase + digits, min_size=1, max_size=12),
    url=st.text(ascii_lowercase + "?&=#%/:-_~", max_size=20).map(lambda rest: f"https://e.org/{rest}"),
    name=LINE.filter(bool),
    publisher=LINE,
    country=st.sampled_from(["", "BY", "NO", "EU"]),
    language=st.sampled_from(["", "be", "no"]),
    stance=st.sampled_from(Stance),
    group=st.just("g"),
    kind=st.sampled_from(FeedKind),
    home=LINE,
    interval=st.integers(15, 10_000).map(lambda minutes: timedelta(minutes=minutes)),
    disabled=LINE,
    seen=LINE,
    note=LINE,
    of_record=st.booleans(),
)
ALL_KINDS = st.builds(sought, FEEDS, SELECTORS, PATTERNS, PATTERNS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(ALL_KINDS, max_size=3, unique_by=lambda feed: feed.id))
def test_feeds_survive_writing(tmp_path, feeds):
    folder = tmp_path / "seeds"
    folder.mkdir(exist_ok=True)
    (folder / "g.yml").write_text("feeds:\n" + "".join(map(feed_to_yaml, feeds)), encoding="utf-8")
    assert load_feeds(folder) == tuple(feeds)


NEW = Feed("new", "https://n.org/feed", "New: one", group="a")


@pytest.mark.parametrize(
    "old",
    [
        "",
        "feeds:\n",
        "feeds: []\n",
        "# kept\nfeeds:\n- id: a  # and this\n  url: https://a.org/\n\n\n",
        "feeds:\n    - {id: a, url: https://a.org/}",
        GOOD,
    ],
    ids=["empty", "bare", "empty list", "no indent", "deep indent", "ours"],
)
def test_appending_keeps_what_stands(seeds, old):
    folder = seeds(a=old)
    append_feed(folder / "a.yml", NEW)
    written = (folder / "a.yml").read_text()
    assert load_feeds(folder)[-1] == NEW
    assert all(line in written for line in old.splitlines() if line != "feeds: []")
    assert [file.name for file in folder.iterdir()] == ["a.yml"]


def test_blocks_stay_apart_where_they_stood_apart(seeds):
    folder = seeds(a="feeds:\n  - id: a\n    url: https://a.org/\n\n  - id: b\n    url: https://b.org/\n")
    append_feed(folder / "a.yml", NEW)
    assert "https://b.org/\n\n  - id: new\n" in (folder / "a.yml").read_text()


def test_appending_makes_the_file(seeds):
    append_feed(seeds() / "a.yml", NEW)
    assert load_feeds(seeds()) == (NEW,)


@pytest.mark.parametrize(
    ("old", "error"),
    [
        ("feeds: [", WrongFiles),
        ("feeds: [a, b]\n", (WrongUse, WrongFiles)),
        ("feeds:\n- {id: a, url: b}\nother:\n  x: 1\n", (WrongUse, WrongFiles)),
    ],
)
def test_appending_to_what_does_not_hold_changes_nothing(seeds, old, error):
    folder = seeds(a=old)
    with pytest.raises(error):
        append_feed(folder / "a.yml", NEW)
    assert (folder / "a.yml").read_text() == old
