"""The filters: JSON Lines in and out, no database."""

import json

import pytest

PAGE = (
    "<html lang='en'><head><title>Talks agreed</title><meta property='article:published_time' content='2019-03-05T13:00:00Z'></head>"
    "<body><h1>Talks agreed</h1>"
    + "<p>The neighbours agreed on talks about the bridge, the minister said in the capital.</p>" * 4
    + "</body></html>"
)


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def jsonl(*values):
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def test_extract_reads_a_page_from_standard_input(desk):
    [article] = lines(desk.run("extract", "-", "--url", "http://one.example/1?utm_source=x", stdin=PAGE))
    assert set(article) == {"id", "url", "title", "text", "published", "lang", "author", "canonical_url", "reason"}
    assert (article["title"], article["published"], article["lang"]) == ("Talks agreed", "2019-03-05T13:00:00Z", "en")
    assert article["canonical_url"] == "http://one.example/1"
    assert "agreed on talks about the bridge" in article["text"]


def test_extract_reads_a_file_and_an_address_alike(desk):
    desk.write("page.html", PAGE)
    desk.server.reply("/page.html", PAGE.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    [from_file] = lines(desk.run("extract", "page.html"))
    [from_address] = lines(desk.run("extract", desk.server.url("/page.html")))
    assert from_file["text"] == from_address["text"]
    assert from_address["url"] == desk.server.url("/page.html")


def test_extract_keeps_id_and_address_of_each_line_and_says_why_text_is_missing(desk):
    rows = jsonl(
        {"id": 7, "url": "http://one.example/7", "html": PAGE},
        {"id": "x", "url": "http://one.example/x", "html": ""},
        {"id": None},
    )
    found = lines(desk.run("extract", "--jsonl", stdin=rows))
    assert [(article["id"], article["url"]) for article in found] == [
        (7, "http://one.example/7"),
        ("x", "http://one.example/x"),
        (None, ""),
    ]
    assert [bool(article["text"]) for article in found] == [True, False, False]
    assert found[1]["reason"]


def test_match_gives_each_line_its_matches_with_proof(desk):
    rows = jsonl(
        {"id": "a", "url": "u", "title": "Talks agreed", "text": "They met.", "published": None, "lang": "en", "source": "x"},
        {"id": "b", "title": "Harvest", "text": "None."},
        {"title": "A day of talks"},
    )
    found = lines(desk.run("match", stdin=rows))
    assert [row["id"] for row in found] == ["a", "b", 3]
    [match] = found[0]["matches"]
    assert {"rule", "score", "direction", "spans"} <= set(match)
    assert (match["rule"], match["direction"]) == ("talks", "improves")
    assert all(
        match["spans"][0][key] == value
        for key, value in {"field": "title", "start": 0, "end": 5, "text": "Talks", "term": "talks"}.items()
    )
    assert found[1]["matches"] == []


def test_match_takes_rules_from_another_folder_and_needs_no_database(desk, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    text = (desk.home / "rules" / "talks.yml").read_text(encoding="utf-8").replace("id: talks", "id: parley")
    (other / "parley.yml").write_text(text, encoding="utf-8")
    [found] = lines(desk.run("match", "--rules", other, stdin=jsonl({"id": 1, "title": "Talks"})))
    assert [match["rule"] for match in found["matches"]] == ["parley"]
    assert not (desk.home / "var").exists()


def test_stories_folds_copies_and_gives_reasons(desk):
    text = "The neighbours agreed on talks about the bridge near Vilnius, minister Ivanou said in the capital. " * 4
    rows = jsonl(
        {"id": "a", "url": "http://one.example/a", "title": "Minsk and Vilnius agreed on talks", "text": text, "published": "2019-03-05"},
        {"id": "b", "url": "http://two.example/b", "title": "Minsk and Vilnius agreed on talks", "text": text, "published": "2019-03-05"},
        {"id": "c", "url": "http://two.example/c", "title": "Harvest ends", "text": "The harvest ended early this year in the south. " * 6, "published": "2019-03-05"},
    )  # fmt: skip
    found = lines(desk.run("stories", stdin=rows))
    assert sorted(sorted(story["articles"]) for story in found) == [["a", "b"], ["c"]]
    both = next(story for story in found if len(story["articles"]) == 2)
    assert both["copies"] == [["a", "b"]]
    assert both["reasons"]
    assert len({story["story"] for story in found}) == 2


def test_stories_relate_translations(desk):
    english = "Colonel Kask of Estonia met General Zhuk in Minsk on 6 May for 90 minutes and spoke of 1200 soldiers near Lepel. "
    russian = (
        "Полковник Каск из Эстонии встретился с генералом Жуком в Минске 6 мая на 90 минут, речь шла о 1200 военных под Лепелем. "
    )
    rows = jsonl(
        {"id": "a", "url": "http://one.example/a", "title": "Kask meets Zhuk", "text": english * 4, "published": "2019-05-06", "lang": "en"},
        {"id": "b", "url": "http://two.example/b", "title": "Каск у Жука", "text": russian * 4, "published": "2019-05-06", "lang": "ru"},
    )  # fmt: skip
    (story,) = lines(desk.run("stories", stdin=rows))
    assert story["copies"] == [["a"], ["b"]]
    assert [(one["article"], one["to"]) for one in story["related"]] == [("a", "b"), ("b", "a")]
    assert story["related"][0]["reason"].startswith("says in ru what this says")


@pytest.mark.parametrize("verb", ["match", "stories", "extract"])
def test_no_lines_give_no_lines(desk, verb):
    options = ["--jsonl"] if verb == "extract" else []
    assert desk.run(verb, *options, stdin="\n  \n").stdout == ""


@pytest.mark.parametrize(
    ("bad", "words"),
    [("{", "no JSON"), ("[1]", "an object is wanted"), ("[" * 100_000, "no JSON"), ('"text"', "an object is wanted")],
)
def test_a_line_that_is_no_object_is_told_with_its_number(desk, bad, words):
    done = desk.run("match", stdin=jsonl({"id": 1, "title": "Talks"}) + bad + "\n", expect=2)
    assert "standard input, line 2" in done.stderr
    assert words in done.stderr


def test_odd_letters_come_through_whole(desk):
    done = desk.run("match", stdin='{"id": "\\ud800 \\u0000 ж \\u2028", "title": "talks"}\n')
    [found] = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert found["id"] == "\ud800 \0 ж \u2028"
