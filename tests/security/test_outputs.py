"""No case of the corpus lives on in anything that the line writes: page, mail, text, Markdown, Atom, data."""

import json
import re

import pytest
from lxml import etree
from markdown_it import MarkdownIt

pytestmark = pytest.mark.slow

ATOM = "{http://www.w3.org/2005/Atom}"


def printed(line, form):
    """(edition and language, text) of every rendition."""
    return [
        (f"{edition.week} {language}", getattr(rendition, form))
        for edition in line.editions
        for language, rendition in edition.renditions.items()
    ]


def sinners(pairs, judge):
    return {name: sins for name, text in pairs if (sins := judge(text))}


def test_the_corpus_is_large_and_its_cases_differ(cases):
    assert len(cases) >= 745
    assert len({case.text for case in cases}) == len(cases)


REACH = {"json": 0.99, "html": 0.8, "mail_html": 0.8, "text": 0.8, "mail_text": 0.8, "markdown": 0.8, "atom_entry": 0.8}
"""The share of cases that an output must show. The data has every source; cases that are spelt alike are told as one story elsewhere."""


@pytest.mark.parametrize("form", REACH)
def test_cases_come_so_far(line, cases, form):
    """A case that never reaches an output would prove nothing about it."""
    everything = "".join(text for _, text in printed(line, form))
    lost = [case.number for case in cases if case.mark not in everything]
    assert len(lost) <= (1 - REACH[form]) * len(cases), lost


def test_texts_of_markup_reach_the_page_as_text(line, cases):
    """The page of an article that shows `<script>` is quoted with `&lt;script&gt;`: the case came in full, and harmless."""
    everything = "".join(text for _, text in printed(line, "html"))
    told = [case for case in cases if f"__hit({case.number})" in everything or f"hit.invalid/{case.number}" in everything]
    assert len(told) > 0.7 * len(cases)


def test_pages_hold_nothing_of_strangers_but_text_and_web_addresses(line, oracle):
    assert sinners(printed(line, "html"), oracle.judge_html) == {}


def test_the_html_of_mails_holds_nothing_of_strangers_but_text_and_web_addresses(line, oracle):
    def judge(page):
        return oracle.judge_html(page.replace(oracle.TOKEN, "https://monitor.example/u/x"))

    assert sinners(printed(line, "mail_html"), judge) == {}


@pytest.mark.parametrize("form", ["mail_html", "mail_text"])
def test_the_token_stands_where_our_template_has_it_and_nowhere_else(line, oracle, form):
    assert {text.count(oracle.TOKEN) for _, text in printed(line, form)} == {2}


def test_plain_text_holds_no_control_and_no_turn(line, oracle):
    assert sinners(printed(line, "text"), oracle.judge_text) == {}


def test_atom_is_well_formed_and_its_content_is_as_clean_as_the_page(line, oracle):
    sins = {}
    for name, entry in printed(line, "atom_entry"):
        tree = etree.fromstring(entry.encode())
        found = oracle.judge_html(tree.find(f"{ATOM}content").text)
        found += oracle.judge_text(tree.find(f"{ATOM}title").text) + oracle.judge_text(tree.find(f"{ATOM}summary").text)
        if found or [child.tag for child in tree].count(f"{ATOM}content") != 1:
            sins[name] = found
    assert sins == {}


def test_markdown_read_by_a_renderer_that_lets_html_through_is_as_clean(line, oracle):
    """The worst reader there is: raw HTML on, bare addresses made links, no list of schemes."""
    reader = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
    reader.validateLink = lambda _: True
    ours = re.compile(r"<!-- (?:section|item): [A-Za-z0-9_-]+ -->")

    def judge(text):
        return oracle.judge_html(ours.sub("", reader.render(text)))

    assert sinners(printed(line, "markdown"), judge) == {}


def test_data_is_json_and_its_addresses_are_of_the_web(line):
    def addresses(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in {"url", "permalink"} and isinstance(inner, str):
                    yield inner
                yield from addresses(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from addresses(inner)

    wrong = {url for _, text in printed(line, "json") for url in addresses(json.loads(text)) if not re.match(r"https?://|$", url)}
    assert wrong == set()


def bodies(line):
    """The messages of editions, with their bytes; what other tests asked for by form is not among them."""
    claimed = line.store.claim("test", line.parts.clock(), line.parts.clock(), 10_000)
    line.store.release("test")
    return [message for message in claimed if message.recipient.startswith("reader-")]


def test_mails_have_our_fields_each_once_and_two_parts(line, oracle):
    messages = bodies(line)
    assert len(messages) == 3 * len(line.editions) > 100
    sins = {message.message_id: sins for message in messages if (sins := oracle.judge_mail(message.body, message.recipient))}
    assert sins == {}


def test_parts_of_mails_are_clean_and_unsubscribe_by_their_own_address_alone(line, oracle):
    sins = {}
    for message in bodies(line):
        text, page = oracle.parts_of(message.body)
        found = (*oracle.judge_text(text), *oracle.judge_html(page))
        [own] = set(re.findall(r"https://monitor\.example/u/[\w-]+", text))
        if found or set(re.findall(r"https://monitor\.example/u/[\w-]+", page)) != {own}:
            sins[message.message_id] = found
    assert sins == {}
