"""All three catalogues say everything, in every plural form, and nobody asks for a word that is not there."""

import json
import re
from pathlib import Path

import pytest

from monitor.digests.render import catalogue as module
from monitor.digests.render.catalogue import SHIPPED, Catalogue, catalogue, shipped, slots_of
from monitor.model.edition import Verdict
from monitor.model.errors import WrongFiles, WrongUse
from monitor.model.feed import Stance
from monitor.text.locale import plural_categories

ROOM = Path(module.__file__).parent
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOM.glob("*.py")))
WEB = (ROOM.parents[1] / "web" / "feedback_page.py").read_text(encoding="utf-8")
TEMPLATES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOM / "templates").iterdir()))


@pytest.mark.parametrize("language", SHIPPED)
def test_each_catalogue_has_every_message_with_the_same_slots(language):
    english, other = shipped("en"), shipped(language)
    assert set(other) == set(english)
    for key, message in other.items():
        assert isinstance(message, str) == isinstance(english[key], str), key
        assert slots_of(message) == slots_of(english[key]), key


@pytest.mark.parametrize("language", SHIPPED)
def test_each_plural_message_has_every_category_that_whole_numbers_take(language):
    for key, message in shipped(language).items():
        if not isinstance(message, str):
            assert set(message) == plural_categories(language), key
            assert all(text.strip() for text in message.values()), key


@pytest.mark.parametrize("language", ["be", "ru"])
def test_no_message_was_left_in_english(language):
    same = {key for key, text in shipped(language).items() if text == shipped("en")[key]}
    assert same == {"edition.subject", "nav.markdown", "cite.source"}


def asked_for() -> set[str]:
    """Every message that code or templates name."""
    known = set(shipped("en"))
    in_code = {text for text in re.findall(r"[\"']([a-z]+\.[a-z_]+)[\"']", CODE + WEB) if text in known}
    in_templates = {key for key in known if "words." + key.replace(".", "_").replace("-", "_") in TEMPLATES}
    verdicts = {f"verdict.{verdict.value}.{form}" for verdict in Verdict for form in ("word", "sentence")}
    stances = {f"stance.{stance.value}{form}" for stance in Stance for form in ("", ".short")}
    openings = {f"{kind}.{form}" for kind in ("event", "background", "published") for form in ("on", "in")}
    return in_code | in_templates | verdicts | stances | openings


def test_every_message_is_used_and_every_used_message_exists():
    assert set(shipped("en")) == asked_for()
    named = set(re.findall(r"words\.(\w+)", TEMPLATES))
    assert named <= {key.replace(".", "_").replace("-", "_") for key in shipped("en")}


def test_counting_picks_the_form_and_groups_the_number():
    assert catalogue("en").count("notes.more", 1) == "+1 more source"
    assert catalogue("en").count("notes.more", 1234) == "+1,234 more sources"
    assert [catalogue("ru").count("status.sources", n) for n in (1, 3, 5)] == [
        "1 независимый источник",
        "3 независимых источника",
        "5 независимых источников",
    ]
    assert catalogue("be").count("status.sources", 2) == "2 незалежныя крыніцы"


def test_a_slot_is_filled_once_and_never_reads_attributes():
    words = Catalogue("en", {"a": "{x} and {y}", "b": "{x.__class__}"})
    assert words.say("a", x="{y}", y="2") == "{y} and 2"
    assert words.say("b", x=1) == "{x.__class__}"
    with pytest.raises(KeyError):
        words.say("a", x="1")


def test_unknown_language_is_refused_with_what_is_shipped():
    with pytest.raises(WrongUse, match=r"'pl'.*en, be, ru"):
        catalogue("pl")


def write(folder, language, data):
    (folder / "catalogue").mkdir(exist_ok=True)
    text = data if isinstance(data, str) else json.dumps(data)
    (folder / "catalogue" / f"{language}.json").write_text(text, encoding="utf-8")
    return str(folder)


def test_a_digest_overrides_single_messages(tmp_path):
    words = catalogue("en", write(tmp_path, "en", {"glance.heading": "In short"}))
    assert words.say("glance.heading") == "In short"
    assert words.say("watch.heading") == "Watch list"


def test_a_digest_brings_a_language_of_its_own(tmp_path):
    words = catalogue(
        "pl", write(tmp_path, "pl", {"notes.more": {"one": "+{n} źródło", "few": "+{n} źródła", "many": "+{n} źródeł"}})
    )
    assert [words.count("notes.more", n) for n in (1, 2, 5)] == ["+1 źródło", "+2 źródła", "+5 źródeł"]
    assert words.say("watch.heading") == "Watch list"


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        ('{"glance.heading": "x",\n  }', "T010", "not JSON"),
        ([1], "T010", "mapping"),
        ({"glance.headline": "x"}, "T011", "no such message: glance.headline"),
        ({"glance.heading": 3}, "T012", "a text"),
        ({"notes.more": {}}, "T012", "a text"),
        ({"glance.heading": {"one": "x"}}, "T012", "no plural forms"),
        ({"event.on": "On {date}:"}, "T013", "{date}"),
    ],
)
def test_wrong_catalogue_is_told(tmp_path, data, code, message):
    folder = write(tmp_path, "en", data)
    with pytest.raises(WrongFiles) as caught:
        catalogue("en", folder)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert message in problem.message
    assert problem.place.file.endswith("en.json")


def test_all_problems_of_a_catalogue_are_told_at_once(tmp_path):
    folder = write(tmp_path, "en", {"no.such": "x", "glance.heading": 1, "watch.heading": "fine"})
    with pytest.raises(WrongFiles) as caught:
        catalogue("en", folder)
    assert [problem.code for problem in caught.value.problems] == ["T011", "T012"]
