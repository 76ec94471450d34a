"""The hand-written reference is held to the code: every key of a file, every key of an edition and every state has its line."""

import json
import re
from pathlib import Path

import pytest

from monitor.delivery.hooks import files as hook_files
from monitor.digests import load as digest_files
from monitor.feeds import catalogue, catalogue_selectors
from monitor.model.delivery import OutboxState, Subscribed
from monitor.model.feed import FeedHealth, FeedKind, Stance
from monitor.model.hook import HookScheme, Meaning
from monitor.rules import names, read_examples, read_filter, read_match, read_rule, voice

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
GOLDEN = ROOT / "tests" / "golden" / "editions"
COUNTED_BY = {"by_language", "by_stance"}
"""Keys below these are data (languages, stances), not names."""


def page(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


def part(name, heading):
    """The text below a heading, up to the next one of the same rank or higher; all of the page before the first for ""."""
    text = page(name)
    if not heading:
        return re.split(r"(?m)^## ", text)[0]
    rank = heading.split(" ")[0]
    return re.split(rf"(?m)^#{{1,{len(rank)}}} ", text.split(f"\n{heading}\n", 1)[1])[0]


def keys_of_table(text):
    """What stands in backticks in the first column of the tables whose head is `key`."""
    found = set()
    for table in re.split(r"\n{2,}", text.strip()):
        if table.startswith("| key"):
            for line in table.splitlines()[2:]:
                found.update(re.findall(r"`([^`]+)`", line.split("|")[1]))
    return found


@pytest.mark.parametrize(
    ("file", "heading", "keys"),
    [
        pytest.param("seeds.md", "", catalogue.KEYS, id="feed"),
        pytest.param("digests.md", "", digest_files.KEYS, id="digest"),
        pytest.param("digests.md", "## `schedule`", digest_files.SCHEDULE_KEYS, id="schedule"),
        pytest.param("digests.md", "## `sections`", digest_files.SECTION_KEYS, id="section"),
        pytest.param("mail-hooks.md", "", hook_files.KEYS, id="hook"),
        pytest.param("mail-hooks.md", "## `proof`", hook_files.PROOF_KEYS, id="hook proof"),
        pytest.param("mail-hooks.md", "## `fields`", hook_files.FIELD_KEYS, id="hook fields"),
        pytest.param("mail-hooks.md", "## `send`", hook_files.SEND_KEYS, id="hook send"),
    ],
)
def test_the_table_lists_the_keys_that_are_read_and_no_other(file, heading, keys):
    assert keys_of_table(part(file, heading)) == set(keys)


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        pytest.param("## A rule", read_rule.RULE_KEYS, id="rule"),
        pytest.param("## A rule", read_match.MATCH_KEYS, id="match"),
        pytest.param("## A rule", voice.DIGEST_KEYS, id="digest"),
        pytest.param("## A rule", read_examples.KINDS, id="kinds of tests"),
        pytest.param("## Tests", read_examples.EXAMPLE_KEYS, id="a test"),
        pytest.param("## Names: `rules/names/*.yml`", {*names.ENTRY_KEYS} - {"note"}, id="name"),
        pytest.param("## Lexicons: `rules/lexicons/<id>.yml`", names.LEXICON_KEYS, id="lexicon"),
        pytest.param("## Filters: `rules/filters/<id>.yml`", {*read_filter.FILTER_KEYS, *read_filter.FILTER_TESTS}, id="filter"),
    ],
)
def test_every_field_of_a_rule_file_is_named(heading, keys):
    text = part("rule-format.md", heading)
    assert [key for key in keys if not re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text)] == []


def keys_in(value, below=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            if below not in COUNTED_BY:
                yield key
            yield from keys_in(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_in(inner, below)


def test_every_key_of_an_edition_is_named():
    editions = sorted(GOLDEN.rglob("*.json"))
    assert editions, "no golden edition to compare with"
    keys = {key for file in editions for key in keys_in(json.loads(file.read_text(encoding="utf-8")))}
    assert {"cues", "also", "one_sided", "copies", "similar", "notes", "watch", "failed"} <= keys, (
        "the golden editions are too plain"
    )
    text = page("edition-json.md")
    assert sorted(key for key in keys if f"`{key}`" not in text) == []


@pytest.mark.parametrize(
    ("file", "heading", "kinds"),
    [
        pytest.param("mail.md", "## States of a message", OutboxState, id="message"),
        pytest.param("mail.md", "## States of a subscription", Subscribed, id="subscription"),
        pytest.param("fetch-behaviour.md", "## States of a feed", FeedHealth, id="feed"),
        pytest.param("seeds.md", "", Stance, id="stance"),
        pytest.param("seeds.md", "", FeedKind, id="kind"),
    ],
)
def test_every_state_has_its_word(file, heading, kinds):
    text = part(file, heading)
    assert [kind.value for kind in kinds if f"`{kind.value}`" not in text] == []


@pytest.mark.parametrize(
    ("file", "sources", "letter"),
    [("seeds.md", (catalogue, catalogue_selectors), "S"), ("digests.md", (digest_files,), "D")],
    ids=["seeds", "digests"],
)
def test_every_code_of_a_problem_is_listed(file, sources, letter):
    texts = [Path(source.__file__).read_text(encoding="utf-8") for source in sources]
    raised = {code for text in texts for code in re.findall(rf'"({letter}0\d\d)"', text)}
    assert raised
    assert raised == set(re.findall(rf"\b{letter}0\d\d\b", part(file, "## Problems")))


def test_hooks_are_documented_with_their_meanings_schemes_files_and_codes():
    text = page("mail-hooks.md")
    assert set(re.findall(r"`([a-z]+)`", part("mail-hooks.md", "## `meanings`").split("| what follows |")[1])) >= set(Meaning)
    assert all(f"`{scheme}`" in text for scheme in HookScheme)
    shipped = set(re.findall(r"(?m)^\| `([a-z-]+)` \|", part("mail-hooks.md", "## Those that come with the program")))
    assert shipped == set(hook_files.shipped_names())
    source = (ROOT / "monitor" / "delivery" / "hooks" / "files.py").read_text(encoding="utf-8")
    source += (ROOT / "monitor" / "bootstrap.py").read_text(encoding="utf-8")
    assert set(re.findall(r"\bB\d{3}\b", part("mail-hooks.md", "## Problems"))) == set(re.findall(r'"(B\d{3})"', source))


def test_the_mapping_that_the_how_to_shows_is_right(tmp_path):
    text = (ROOT / "docs" / "how-to" / "hear-from-a-mail-provider.md").read_text(encoding="utf-8")
    file = tmp_path / "example.yml"
    file.write_text(re.search(r"(?s)```yaml\n(.*?)```", text)[1], encoding="utf-8")
    hook, problems = hook_files.check_hook(file)
    assert (problems, hook.title) == ((), "Example")
