import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from monitor.demo.corpus import FOLDER, SEEDS, Syndication, Trouble, load_corpus, paragraphs_of
from monitor.demo.weeks import WEEKS, week_span
from monitor.feeds.catalogue import check_feeds
from monitor.model.errors import WrongFiles
from monitor.model.feed import FeedKind, Stance

CORPUS = load_corpus()
SHARED = Path(__file__).parents[2] / "../shared"
RULES = {"military-attaches", "cfe-inspections", "nato-buildup", "us-belarus-military", "belarus-russia-military"}
WORD = re.compile(r"\w+")


def words(page):
    return sum(len(paragraph.split()) for paragraph in page.paragraphs)


def own(week):
    return [page for page in CORPUS.pages if page.week == week and not page.copy_of]


@pytest.mark.parametrize("page", CORPUS.pages, ids=lambda page: page.id)
def test_page_is_dated_in_its_week_and_whole(page):
    start, end = week_span(page.week)
    assert start <= page.published < end
    assert page.published.utcoffset() is not None
    assert page.expect | page.also_ok <= RULES
    assert 4 <= len(page.title.split()) <= 17
    assert not page.title.endswith(".")
    assert all(paragraph.endswith((".", "?", "!", "»")) for paragraph in page.paragraphs), page.paragraphs
    assert page.copy_of or (2 <= len(page.paragraphs) <= 6 and 50 <= words(page) <= 260)
    assert page.path.startswith("/")


def test_ids_and_addresses_are_unique():
    assert len({page.url for page in CORPUS.pages}) == len(CORPUS.pages)
    assert len({outlet.host for outlet in CORPUS.outlets}) == len(CORPUS.outlets)


def test_every_outlet_is_invented_and_says_so():
    for outlet in CORPUS.outlets:
        assert outlet.host.endswith(".example"), "only the reserved top-level domain (RFC 2606) is nobody's"
        assert re.search(r"\((demo|демо|дэма)\)", outlet.name)


def test_counts_stances_languages_and_shapes_are_all_there():
    assert len(CORPUS.pages) >= 56
    assert min(Counter(page.week for page in CORPUS.pages).values()) >= 12
    assert sum(page.week == "2019-W10" for page in CORPUS.pages) >= 20
    assert {outlet.stance for outlet in CORPUS.outlets} == set(Stance)
    assert {outlet.syndication for outlet in CORPUS.outlets} == set(Syndication)
    assert {outlet.trouble for outlet in CORPUS.outlets} == set(Trouble)
    assert {page.language for page in CORPUS.pages} == {"en", "ru", "be"}
    assert {"windows-1251"} < {outlet.charset for outlet in CORPUS.outlets}
    assert any(outlet.charset != outlet.header_charset for outlet in CORPUS.outlets), "one header claims another charset"
    assert {outlet.validators for outlet in CORPUS.outlets} >= {(), ("etag",), ("last-modified",), ("etag", "last-modified")}
    assert any(page.language == "be" and re.search("[łŭš]", page.title) for page in CORPUS.pages), "a page in Łacinka"
    assert any(page.language == "en" and re.search("[а-я]", page.caption) for page in CORPUS.pages)
    assert sum(page.note.startswith("hard negative") for page in CORPUS.pages) >= 10


@pytest.mark.parametrize("week", WEEKS)
def test_week_has_topics_told_by_several_independent_sources(week):
    told = defaultdict(set)
    for page in own(week):
        for rule in page.expect:
            told[rule].add((page.outlet.stance, page.language))
    rich = [rule for rule, voices in told.items() if len({stance for stance, _ in voices}) >= 2 and len(voices) >= 3]
    assert len(rich) >= 2, told
    assert {language for rule in rich for _, language in told[rule]} == {"en", "ru", "be"}


@pytest.mark.parametrize("week", WEEKS)
def test_week_has_a_wire_that_four_sites_reprint_with_edits(week):
    reprints = [page for page in CORPUS.pages if page.week == week and page.copy_of]
    originals = {page.copy_of for page in reprints}
    assert len(originals) == 1
    assert len({page.outlet.id for page in reprints}) == 4
    original = CORPUS.by_id[originals.pop()]
    for page in reprints:
        assert page.paragraphs != original.paragraphs
        assert page.published > original.published
        assert set(page.paragraphs) & set(original.paragraphs)


@pytest.mark.parametrize("week", WEEKS)
def test_week_has_an_event_told_by_state_and_exile_media_and_noise(week):
    voices = defaultdict(set)
    for page in own(week):
        voices[page.event].add(page.outlet.stance)
    assert any({Stance.STATE, Stance.EXILE} <= stances for stances in voices.values())
    assert sum(not page.expect and not page.also_ok for page in own(week)) >= 4


def test_similar_article_is_on_another_matter():
    shown = [(page, CORPUS.by_id[page.similar]) for page in CORPUS.pages if page.similar]
    assert len(shown) >= 5
    for page, other in shown:
        assert not other.expect
        assert other.event != page.event


def test_seed_file_loads_and_names_every_outlet():
    feeds, problems = check_feeds(SEEDS)
    assert not problems
    assert {feed.id: feed.url for feed in feeds} == {outlet.id: outlet.feed_url for outlet in CORPUS.outlets}
    assert len(feeds) >= 10
    for feed, outlet in zip(feeds, CORPUS.outlets, strict=True):
        assert (feed.name, feed.language, feed.country, feed.stance) == (
            outlet.name,
            outlet.language,
            outlet.country,
            outlet.stance,
        )
        listed = {Syndication.SITEMAP: FeedKind.SITEMAP, Syndication.PAGE: FeedKind.PAGE}
        assert feed.kind is listed.get(outlet.syndication, FeedKind.FEED)
    assert {feed.kind for feed in feeds} == set(FeedKind)


def test_both_services_of_one_agency_share_a_publisher():
    """Else the agency would confirm itself."""
    publishers = {feed.id: feed.publisher for feed in check_feeds(SEEDS)[0]}
    assert publishers["vestnik"] == publishers["vestnik-en"]
    assert len(set(publishers.values())) == len(publishers) - 1


def runs(text, length=12):
    tokens = [word.casefold() for word in WORD.findall(text)]
    return {" ".join(tokens[start : start + length]) for start in range(len(tokens) - length + 1)}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the reader documents are not beside this checkout")
def test_no_page_repeats_twelve_words_of_a_reader_document_or_labelled_text():
    foreign = set()
    for file in (SHARED / "seeds").glob("*.txt"):
        foreign |= runs(file.read_text(encoding="utf-8"))
    for line in (SHARED / "data" / "labelled-dev.jsonl").read_text(encoding="utf-8").splitlines():
        foreign |= runs(json.loads(line)["text"])
    assert foreign
    for page in CORPUS.pages:
        assert not runs("\n".join([page.title, *page.paragraphs])) & foreign, page.id


def test_sentences_are_free_of_mixed_scripts():
    """A Latin letter within a Cyrillic word hides it from every rule."""
    mixed = re.compile(r"\b(?=\w*[а-яёіўА-ЯЁІЎ])(?=\w*[a-zA-Z])\w+\b")
    for page in CORPUS.pages:
        assert not mixed.findall(" ".join([page.title, *page.paragraphs])), page.id


def test_belarusian_pages_hold_no_russian_letters():
    for page in CORPUS.pages:
        if page.language == "be":
            text = " ".join([page.title, *page.paragraphs])
            assert not re.search("[ищъИЩЪ]", text), (page.id, re.findall(r"\w*[ищъИЩЪ]\w*", text))


def test_paragraphs_are_parted_by_empty_lines():
    assert paragraphs_of("one\ntwo\n\n  three  \n\n\n") == ("one two", "three")


def broken_corpus(folder, rows):
    (folder / "outlets.yml").write_text((FOLDER / "outlets.yml").read_text(encoding="utf-8"), encoding="utf-8")
    for week in WEEKS:
        (folder / f"{week}.yml").write_text("pages: []\n", encoding="utf-8")
    (folder / f"{WEEKS[0]}.yml").write_text(f"pages:\n{rows}", encoding="utf-8")
    return folder


def test_all_problems_of_a_broken_corpus_are_told_with_place(tmp_path):
    row = '  - {{id: {id}, outlet: {outlet}, path: /a, title: T, published: "2016-03-29T10:00+03:00", text: "One."{more}}}\n'
    rows = (
        row.format(id="a", outlet="nobody", more="")
        + row.format(id="b", outlet="vestnik", more=", colour: red")
        + row.format(id="c", outlet="vestnik", more="")
        + row.format(id="c", outlet="vestnik", more="")
    )
    with pytest.raises(WrongFiles) as caught:
        load_corpus(broken_corpus(tmp_path, rows))
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert "nobody" in told
    assert "colour" in told
    assert "twice" in told
    assert [problem.place.line for problem in caught.value.problems] == [2, 3, 5]


def test_reprint_that_replaces_nothing_is_a_problem(tmp_path):
    rows = (
        '  - {id: a, outlet: vestnik, path: /a, title: T, published: "2016-03-29T10:00+03:00", text: "One."}\n'
        '  - {id: b, outlet: svodka, path: /b, title: T, published: "2016-03-29T11:00+03:00", reprint: {of: a, replace: {Two: Three}}}\n'
    )
    with pytest.raises(WrongFiles, match="«Two» is not in the kept paragraphs of a"):
        load_corpus(broken_corpus(tmp_path, rows))
