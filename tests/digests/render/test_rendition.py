"""Whole renditions: golden bytes, well-formed and accessible markup, nothing personal on the page, nothing hostile anywhere."""

import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.digests.render.fit import mail_size
from monitor.digests.render.rendition import render_edition, templates_of
from monitor.model.edition import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN
from monitor.model.errors import WrongFiles, WrongUse

GOLDEN = Path(__file__).parents[2] / "golden" / "editions"
LANGUAGES = ("en", "be", "ru")
FORMS = {
    "page.html": "html",
    "mail.html": "mail_html",
    "mail.txt": "mail_text",
    "txt": "text",
    "md": "markdown",
    "json": "json",
    "atom": "atom_entry",
}
VOID = {"meta", "link", "br", "img", "hr", "input", "rect"}


@pytest.fixture(scope="module")
def printed(sample, digest):
    return {language: render_edition(sample.sample_edition(language), digest) for language in LANGUAGES}


@pytest.fixture(scope="module")
def hostile(sample, digest):
    return render_edition(sample.hostile_edition(), digest)


class Outline(HTMLParser):
    """Start tags with attributes, headings in order, text; fails on a tag that is closed wrongly or never."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.headings, self.text = [], [], [], []
        self.feed(page)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> in the wrong place, line {self.getpos()[0]}"

    def handle_data(self, data):
        if not {"style", "title"} & set(self.open):
            self.text.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_golden(printed, language, form):
    """Set UPDATE_GOLDEN=1 to write what is printed now; look at the difference before you keep it."""
    text = getattr(printed[language], FORMS[form])
    file = GOLDEN / f"sample.{language}.{form}"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_printing_twice_gives_the_same_bytes(printed, sample, digest):
    assert render_edition(sample.sample_edition(), digest) == printed["en"]


@pytest.mark.parametrize("form", ["html", "mail_html"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_markup_is_well_formed_and_says_its_language(printed, language, form):
    outline = Outline(getattr(printed[language], form))
    (html,) = outline.all("html")
    assert (html["lang"], html["dir"]) == (language, "ltr")
    assert len(outline.all("title")) >= 1
    identities = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(identities) == len(set(identities))


@pytest.mark.parametrize("form", ["html", "mail_html"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_stands_where_a_parser_would_move_it(printed, language, form):
    """An HTML parser closes a <p> before a block and lifts strays out of tables and lists: what is written is then not what is shown."""
    blocks = {"p", "div", "ul", "dl", "table", "section", "article", "details", "h1", "h2", "h3", "h4", "aside", "nav"}
    parents = {
        "li": {"ul", "ol"},
        "tr": {"tbody", "thead"},
        "td": {"tr"},
        "th": {"tr"},
        "summary": {"details"},
        "dt": {"div", "dl"},
    }

    class Places(Outline):
        def handle_starttag(self, tag, attrs):
            inside = self.open[-1] if self.open else ""
            assert not ({"p", "a", "h1", "h2", "h3", "h4", "summary", "span"} & set(self.open) and tag in blocks), (
                tag,
                self.open,
            )
            assert tag != "a" or "a" not in self.open, "a link in a link"
            assert tag not in parents or inside in parents[tag], (tag, inside)
            super().handle_starttag(tag, attrs)

    Places(getattr(printed[language], form))


def test_every_link_says_where_it_leads(printed):
    class Links(Outline):
        def handle_data(self, data):
            super().handle_data(data)
            if "a" in self.open:
                said.append(data.strip())

    said = []
    outline = Links(printed["en"].html)
    assert not {"here", "link", "read more", "more", ""} & {text.lower() for text in said}
    bare = [attrs for attrs in outline.all("a") if "#:~:text" in attrs["href"] and "aria-label" in attrs]
    assert bare
    assert all(re.match(r"\d+: \S.*, \w+ \d+$", attrs["aria-label"]) for attrs in bare), (
        "a number says whose sentence it leads to"
    )


@pytest.mark.parametrize("form", ["html", "mail_html"])
def test_headings_go_down_one_step_at_a_time(printed, form):
    headings = Outline(getattr(printed["en"], form)).headings
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_page_has_landmarks_a_skip_link_and_working_anchors(printed):
    outline = Outline(printed["en"].html)
    assert [len(outline.all(tag)) for tag in ("main", "header", "footer")] == [1, 1, 1]
    assert outline.all("a")[0] == {"class": "skip", "href": "#edition"}
    identities = {attrs.get("id") for _, attrs in outline.tags}
    inner = {attrs["href"][1:] for attrs in outline.all("a") if attrs.get("href", "").startswith("#")}
    assert inner <= identities
    labelled = {attrs["aria-labelledby"] for attrs in outline.all("section")}
    assert labelled <= identities
    assert all(attrs.get("aria-label") for attrs in outline.all("nav"))


def test_pictures_have_words_and_tables_have_headers(printed):
    outline = Outline(printed["en"].html)
    assert outline.all("img")[0]["alt"] == "Stories per week, last 12 weeks: 0, 1, 1, 0, 2, 3, 1, 0, 0, 2, 1, 4"
    assert all(attrs["alt"] and attrs["width"] and attrs["height"] for attrs in outline.all("img"))
    assert all(attrs.get("scope") in ("row", "col") for attrs in outline.all("th"))
    assert len(outline.all("th")) > 0


def test_page_works_without_scripts_and_loads_nothing(printed):
    page = printed["en"].html
    outline = Outline(page)
    assert not outline.all("script")
    assert not any(name.startswith("on") or name == "style" for _, attrs in outline.tags for name in attrs)
    assert "url(" not in page
    assert not [attrs for attrs in outline.all("link") if attrs["rel"] == "stylesheet"]


def test_page_describes_itself_to_others(printed):
    outline = Outline(printed["en"].html)
    properties = {attrs.get("property") or attrs.get("name"): attrs.get("content") for attrs in outline.all("meta")}
    assert properties["og:title"] == "Frontier Weekly: March 4 – March 10, 2019"
    assert properties["og:url"] == "https://monitor.frontier.example/frontier-weekly/2019-W10/en/"
    assert properties["description"] == properties["og:description"] != ""
    assert len(properties["description"]) <= 200
    assert properties["article:published_time"] == "2019-03-10"
    links = {(attrs["rel"], attrs.get("hreflang") or attrs.get("type")): attrs["href"] for attrs in outline.all("link")}
    assert links["canonical", None] == properties["og:url"]
    assert links["alternate", "be"] == "../be/index.html"
    assert links["alternate", "application/atom+xml"] == "../../feed.en.atom"


def test_quotations_are_marked_up_with_source_and_language(printed, edition):
    outline = Outline(printed["en"].html)
    quotes = outline.all("q")
    verbatim = [s for section in edition.sections for item in section.items for s in item.sentences if not s.own]
    assert len(quotes) >= len(verbatim)
    assert all(quote["cite"].startswith("https://") for quote in quotes)
    assert [quote.get("lang") for quote in quotes[:2]] == [None, "ru"]
    text = "".join(outline.text)
    for sentence in verbatim:
        assert sentence.text in text


def test_headline_in_another_language_says_so(printed):
    outline = Outline(printed["en"].html)
    assert [attrs.get("lang") for attrs in outline.all("h3") if "lang" in attrs] == ["ru"]
    assert "Headline: Vayar Defence Ministry" in printed["en"].html


def test_nothing_personal_outside_the_mail(printed, hostile):
    for rendition in (*printed.values(), hostile):
        for form in ("html", "text", "markdown", "atom_entry"):
            assert UNSUBSCRIBE_TOKEN not in getattr(rendition, form)
            assert "UNSUBSCRIBE_URL}}" not in getattr(rendition, form) or rendition is hostile


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_begins_with_the_way_out_and_the_way_to_the_page(printed, language):
    start = printed[language].mail_html.encode()[:2000].decode(errors="ignore")
    assert f'href="{UNSUBSCRIBE_TOKEN}"' in start
    assert f'href="https://monitor.frontier.example/frontier-weekly/2019-W10/{language}/"' in start
    assert printed[language].mail_html.count(UNSUBSCRIBE_TOKEN) == 2
    for foot in (printed[language].mail_html[-1500:], printed[language].mail_text[-600:]):
        assert UNSUBSCRIBE_TOKEN in foot
        assert PREFERENCES_TOKEN in foot
    assert UNSUBSCRIBE_TOKEN in printed[language].mail_text[:600]


def test_mail_keeps_the_rules_of_mail_clients(printed):
    page = printed["ru"].mail_html
    outline = Outline(page)
    assert mail_size(page) < 98_000
    assert all(len(style) <= 16_384 for style in re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
    assert "prefers-color-scheme:dark" in page
    assert {"name": "color-scheme", "content": "light dark"} in outline.all("meta")
    assert all(attrs.get("role") == "presentation" for attrs in outline.all("table"))
    assert not {"script", "svg", "form", "link", "details", "picture", "q"} & {tag for tag, _ in outline.tags}
    assert all(attrs["src"].startswith("https://") and attrs["alt"] and attrs["width"] for attrs in outline.all("img"))
    assert not re.search(r"data:|javascript:|var\(--|display:(flex|grid)|#fff\b|#000\b|#ffffff|#000000", page)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page)
    styled = [attrs.get("style", "") for tag, attrs in outline.tags if tag in ("p", "h1", "h2", "h3", "a", "td")]
    assert all(styled)
    (wrapper,) = [attrs for attrs in outline.all("div") if attrs.get("lang") == "ru"]
    assert wrapper["dir"] == outline.all("body")[0]["dir"] == "ltr"


@pytest.mark.parametrize("form", ["text", "mail_text"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_text_keeps_its_columns_and_numbers_its_links(printed, language, form):
    text = getattr(printed[language], form)
    assert max(len(line) for line in text.splitlines()) <= 78
    assert not re.search(r"[<>]|\s$", text.replace("\n", "|"))
    assert len(text.encode()) <= 98_000
    marks = set(re.findall(r"\[\d+\]", text))
    listed = re.findall(r"^(\[\d+\]) https://", text, re.MULTILINE)
    assert marks == set(listed)
    assert listed == [f"[{number}]" for number in range(1, len(listed) + 1)]


def test_hostile_text_keeps_its_columns_too(hostile):
    assert max(len(line) for line in hostile.text.splitlines()) <= 78


@pytest.mark.parametrize("form", ["html", "mail_html"])
def test_hostile_text_is_only_text(hostile, form):
    page = getattr(hostile, form)
    outline = Outline(page)
    assert "script" not in {tag for tag, _ in outline.tags}
    assert not any(name.startswith("on") for _, attrs in outline.tags for name in attrs)
    hrefs = [attrs["href"] for attrs in outline.all("a")]
    assert all(re.match(r"https://|mailto:|#|\.\./|edition\.|\{\{(UNSUBSCRIBE|PREFERENCES)_URL\}\}$", href) for href in hrefs), (
        hrefs
    )
    assert '<script>alert("1")</script>' in "".join(outline.text)
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]", page)
    assert page.count(UNSUBSCRIBE_TOKEN) == (2 if form == "mail_html" else 0)


def test_subject_is_one_line(hostile, printed):
    assert "\n" not in hostile.subject
    assert printed["ru"].subject == "Пограничный еженедельник: 4–10 марта 2019 года"
    assert hostile.subject.startswith("<script>")


def test_own_template_of_a_digest_overrides_the_shipped_one(edition, digest, tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "edition.txt").write_text("{{ edition.title }}, {{ edition.week_line }}", encoding="utf-8")
    own = render_edition(edition, replace(digest, folder=str(tmp_path)))
    assert own.text == "Frontier Weekly, March 4 – March 10, 2019"
    assert own.html == render_edition(edition, digest).html


def test_wrong_variable_in_an_own_template_is_told_with_file_and_line(edition, digest, tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("<p>\n{{ edition.headline }}", encoding="utf-8")
    with pytest.raises(WrongFiles) as caught:
        render_edition(edition, replace(digest, folder=str(tmp_path)))
    (problem,) = caught.value.problems
    assert "headline" in problem.message
    assert (problem.place.file, problem.place.line) == (str(tmp_path / "templates" / "page.html"), 2)


def test_a_language_without_words_is_refused(edition, digest):
    with pytest.raises(WrongUse, match="'pl'"):
        render_edition(replace(edition, language="pl"), digest)


def test_shipped_templates_can_all_be_read():
    assert templates_of("").check() == ()


def test_without_an_address_page_and_mail_still_stand(edition, digest):
    rendition = render_edition(replace(edition, permalink=""), digest)
    assert 'rel="canonical"' not in rendition.html
    assert 'href=""' not in rendition.html + rendition.mail_html
    assert UNSUBSCRIBE_TOKEN in rendition.mail_html


def test_an_edition_of_nothing_is_calm_and_whole(edition, digest):
    empty = replace(edition, sections=edition.sections[2:], watch=(), promise="", ruleset="")
    rendition = render_edition(empty, digest)
    for text in (rendition.html, rendition.mail_html, rendition.text, rendition.markdown):
        assert "Nothing that the sources published this week met the rules of this section." in text
    Outline(rendition.html)


def test_right_to_left_languages_turn_the_page(edition, digest, tmp_path):
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "ar.json").write_text("{}", encoding="utf-8")
    turned = render_edition(replace(edition, language="ar"), replace(digest, folder=str(tmp_path)))
    assert '<html lang="ar" dir="rtl">' in turned.html
    assert 'align="right"' in turned.mail_html
