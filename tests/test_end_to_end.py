"""The whole line on the recorded weeks: real HTTP on loopback, the pipeline of the service, files, outbox, and the committed sample.

The sample edition under digests/security-weekly/sample is the demo's 2019-W10, byte for byte: `UPDATE_GOLDEN=1` writes it anew.
"""

import json
import os
from pathlib import Path

import pytest

from monitor.delivery.lint.check import lint_message
from monitor.demo.run import run_demo
from monitor.demo.weeks import WEEKS
from monitor.model.problem import Severity

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "digests" / "security-weekly" / "sample" / "2019-W10"
FILES = ("index.html", "edition.json", "edition.md", "edition.txt", "message.eml")
LANGUAGES = ("en", "be", "ru")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo")
    return run_demo(out), out / "security-weekly"


def test_every_recorded_week_is_published_in_every_language_with_every_file(demo):
    report, out = demo
    assert list(report.editions) == list(WEEKS)
    for week in WEEKS:
        for language in LANGUAGES:
            assert all((out / week / language / name).stat().st_size for name in FILES), (week, language)
    assert all((out / f"feed.{language}.atom").stat().st_size for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FILES)
def test_the_committed_sample_is_what_the_demo_makes(demo, language, name):
    _, out = demo
    made = (out / "2019-W10" / language / name).read_bytes()
    kept = SAMPLE / language / name
    if os.environ.get("UPDATE_GOLDEN"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(made)
    assert kept.read_bytes() == made, f"{kept.relative_to(ROOT)} is old: look at the difference, then make golden"


def test_the_committed_sample_has_the_pictures_that_its_pages_show(demo):
    _, out = demo
    drawn = sorted((out / "2019-W10").glob("stories-*.png"))
    if os.environ.get("UPDATE_GOLDEN"):
        for picture in drawn:
            (SAMPLE / picture.name).write_bytes(picture.read_bytes())
    assert [picture.name for picture in drawn] == sorted(picture.name for picture in SAMPLE.glob("*.png"))
    page = (SAMPLE / "en" / "index.html").read_text(encoding="utf-8")
    assert all(f'src="../{picture.name}"' in page for picture in drawn)


def test_each_subscriber_gets_one_message_for_each_week(demo):
    report, _ = demo
    assert [edition.messages for edition in report.editions.values()] == [3] * len(WEEKS)


@pytest.mark.parametrize("week", WEEKS)
def test_every_mail_passes_lint(demo, week):
    _, out = demo
    for language in LANGUAGES:
        problems = lint_message((out / week / language / "message.eml").read_bytes())
        assert [str(problem) for problem in problems if problem.severity is Severity.ERROR] == []


def test_unchanged_feeds_are_not_sent_again(demo):
    report, _ = demo
    assert report.requests_saved > 200


def test_the_showcase_tells_the_inspection_with_sources_of_three_stances(demo):
    _, out = demo
    edition = json.loads((out / "2019-W10" / "en" / "edition.json").read_text(encoding="utf-8"))
    security = edition["sections"][0]
    leading = security["items"][0]
    assert "cfe-inspections" in leading["rules"]
    assert len({source["stance"] for source in leading["sources"]}) >= 3
    assert any(fold["others"] for fold in leading["copies"])


def test_no_hard_negative_and_no_unrelated_article_is_told(demo):
    _, out = demo
    for week in WEEKS:
        text = (out / week / "en" / "edition.txt").read_text(encoding="utf-8").lower()
        for stranger in ("death penalty", "смертн", "muscle", "eyelash", "ресниц", "cultural attach"):
            assert stranger not in text, (week, stranger)
