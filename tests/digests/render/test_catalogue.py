"""All three catalogues say everything, in every plural form, and nobody asks for a word that is not there."""

import json
import re
from calendar import monthrange
from datetime import date
from pathlib import Path

import pytest

from monitor.digests import phrases
from monitor.digests.render import catalogue as module
from monitor.digests.render.catalogue import SHIPPED, Catalogue, catalogue, shipped, slots_of
from monitor.digests.verify_words import VERIFY_WORDS
from monitor.model.aid import AidKind
from monitor.model.edition import Verdict
from monitor.model.errors import WrongFiles, WrongUse
from monitor.model.feed import Stance
from monitor.text.locale import long_date, number, period, plural_categories, short_date

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
    aids = {f"made.{kind.value}{form}" for kind in AidKind for form in ("", "_refused", "_failed")}
    return aids | in_code | in_templates | verdicts | stances | openings


def test_every_message_is_used_and_every_used_message_exists():
    assert set(shipped("en")) == asked_for()
    named = set(re.findall(r"words\.(\w+)", TEMPLATES))
    assert named <= {key.replace(".", "_").replace("-", "_") for key in shipped("en")}


def bare(template):
    """A template without what Jinja, markup and style sheets say: what is left is printed as it stands."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.DOTALL)
    text = re.sub(r"<style>.*?</style>|<!--.*?-->|<[^>]*>", "", text, flags=re.DOTALL)
    return re.sub(r'&\w+;|\s[\w-]+="[^"]*"', "", text)


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOM / "templates").iterdir() if path.suffix != ".css"))
def test_no_template_prints_a_word_that_is_not_in_the_catalogue(file):
    assert re.findall(r"[^\W\d_]{2,}", bare((ROOM / "templates" / file).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOM / "templates").iterdir() if path.suffix != ".css"))
def test_no_template_hides_a_word_in_an_expression_or_attribute(file):
    text = (ROOM / "templates" / file).read_text(encoding="utf-8")
    in_attributes = re.findall(r'\s(?:alt|title|aria-label|content|summary)="([^"]*)"', text)
    known = r"width=device-width|initial-scale=1|light dark|text/html; charset=utf-8|[\w-]+"
    assert [
        words
        for words in in_attributes
        if re.search(r"[^\W\d_]{2,}", bare(words)) and not re.fullmatch(rf"(?:{known})(?:, ?(?:{known}))*", words)
    ] == []


@pytest.mark.parametrize(
    ("language", "day", "long", "short"),
    [
        ("en", date(2019, 5, 2), "May 2, 2019", "May 2"),
        ("ru", date(2019, 5, 2), "2 мая 2019 года", "2 мая"),
        ("ru", date(2019, 8, 31), "31 августа 2019 года", "31 августа"),
        ("be", date(2019, 5, 2), "2 мая 2019 года", "2 мая"),
        ("be", date(2019, 2, 1), "1 лютага 2019 года", "1 лютага"),
        ("be", date(2019, 11, 30), "30 лістапада 2019 года", "30 лістапада"),
    ],
)
def test_a_month_beside_its_day_stands_in_the_genitive(language, day, long, short):
    assert (long_date(day, language), short_date(day, language)) == (long, short)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("ru", "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"),
        ("be", "студзень люты сакавік красавік май чэрвень ліпень жнівень верасень кастрычнік лістапад снежань"),
    ],
)
def test_a_month_alone_stands_in_the_nominative(language, names):
    for month, name in enumerate(names.split(), start=1):
        last = monthrange(2019, month)[1]
        assert period(date(2019, month, 1), date(2019, month, last), language) == f"{name} 2019 года"


def test_numbers_stand_as_each_language_writes_them():
    assert number(1234567.5, "en") == "1,234,567.5"
    assert [number(1234567.5, language).replace("\xa0", " ") for language in ("ru", "be")] == ["1 234 567,5"] * 2


def test_every_language_has_the_words_that_code_prints():
    """Reasons, labels of statuses and transitions stand beside the catalogue: none of them may lack a language."""
    assert set(phrases.LANGUAGES) == set(SHIPPED)
    assert set(VERIFY_WORDS) == set(SHIPPED)
    for table in (phrases._GLANCES, phrases._REASONS, phrases._LABELS):
        keys = {language: set(words) for language, words in table.items()}
        assert all(keys[language] == keys["en"] for language in SHIPPED)
    for words in phrases._GLANCES.items():
        forms = [set(text) for text in words[1].values() if not isinstance(text, str)]
        assert all(plural_categories(words[0]) <= form for form in forms)


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
