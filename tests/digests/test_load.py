"""A digest's file is read whole, or every problem in it is told with its place."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.digests.load import check_digests, load_digests
from monitor.model.digest import CatchUp, Review
from monitor.model.errors import WrongFiles

GOOD = """\
id: weekly
title: {en: A weekly, ru: Еженедельник}
promise: {en: One promise., ru: Обещание.}
languages: [en, ru]
schedule: {weekday: friday, time: "17:30", zone: Europe/Warsaw, catch_up: all}
sections:
  - {id: one, title: {en: One, ru: Один}, rules: [first, second], max_items: 2, max_notes: 0}
review: none
status_threshold: 3
feedback: mailto:desk@example.org
"""


def written(tmp_path: Path, text: str, name="weekly") -> Path:
    folder = tmp_path / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "digest.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_good_file_is_read(tmp_path):
    (digest,) = load_digests(written(tmp_path, GOOD))
    assert (digest.id, digest.languages, digest.review) == ("weekly", ("en", "ru"), Review.NONE)
    assert (digest.schedule.weekday, digest.schedule.at, digest.schedule.catch_up) == (4, time(17, 30), CatchUp.ALL)
    (section,) = digest.sections
    assert (section.rules, section.max_items, section.max_notes) == (("first", "second"), 2, 0)
    assert (digest.status_threshold, digest.feedback) == (3.0, "mailto:desk@example.org")
    assert digest.folder == str(tmp_path / "weekly")


def test_feedback_true_asks_for_relevance_and_prints_no_address(tmp_path):
    (digest,) = load_digests(written(tmp_path, GOOD.replace("mailto:desk@example.org", "true")))
    assert (digest.ask_relevance, digest.feedback) == (True, "")
    (digest,) = load_digests(written(tmp_path, GOOD.replace("mailto:desk@example.org", "false")))
    assert (digest.ask_relevance, digest.feedback) == (False, "")


@pytest.mark.parametrize(
    ("written_as", "review", "wait"),
    [
        ("none", Review.NONE, timedelta()),
        ("required", Review.REQUIRED, timedelta()),
        ("until 2h", Review.UNTIL, timedelta(hours=2)),
        ("until 90m", Review.UNTIL, timedelta(minutes=90)),
        ("until 1 d", Review.UNTIL, timedelta(days=1)),
    ],
)
def test_review_says_whether_and_how_long_an_edition_waits(tmp_path, written_as, review, wait):
    (digest,) = load_digests(written(tmp_path, GOOD.replace("review: none", f"review: {written_as}")))
    assert (digest.review, digest.review_for) == (review, wait)


WRONG = [
    ("A key nobody knows.", "review:", "reviev:", "D003", 8, 'did you mean "review"?'),
    ("No such weekday.", "friday", "freitag", "D006", 5, 'did you mean "friday"?'),
    ("No such time.", '"17:30"', '"25:00"', "D008", 5, "08:00"),
    ("A zone misspelt.", "Europe/Warsaw", "Europe/Warsav", "D009", 5, "Europe/Warsaw"),
    ("A rule that is not there.", "[first, second]", "[first, secnd]", "D010", 7, 'did you mean "second"?'),
    ("A language without its title.", "{en: One, ru: Один}", "{en: One}", "D012", 7, "ru"),
    ("A count below one.", "max_items: 2", "max_items: 0", "D006", 7, "max_items: 3"),
    ("An id unlike its folder.", "id: weekly", "id: monthly", "D011", 1, "same"),
    ("An id that the site needs for itself.", "id: weekly", "id: search", "D006", 1, "another id"),
    ("A language that is none.", "languages: [en, ru]", "languages: [en, Russian]", "D006", 4, "ISO 639-1"),
    ("A key twice.", "review: none", "review: none\nreview: none", "D005", 9, "keep one"),
    ("A review that does not say how long.", "review: none", "review: until tomorrow", "D013", 8, "until 2h"),
    ("A review of no time.", "review: none", "review: until 0h", "D013", 8, "until 2h"),
    ("A review that outlasts the week.", "review: none", "review: until 8d", "D013", 8, "until 2h"),
    ("Text that is no YAML.", "id: weekly", "id: [weekly", "D001", 0, ""),
    ("A wish for review that is none.", "review: none", "review: requird", "D006", 8, 'did you mean "required"?'),
    ("An address nobody can write to.", "mailto:desk@example.org", "desk", "D006", 10, "mailto"),
    ("A threshold that is not above nothing.", "status_threshold: 3", "status_threshold: 0", "D006", 9, "2.0"),
    ("A section without rules.", ", rules: [first, second]", "", "D004", 7, "rules"),
]


@pytest.mark.parametrize(("why", "old", "new", "code", "line", "mend"), WRONG, ids=[case[0] for case in WRONG])
def test_wrong_file_is_told_with_place_and_mend(tmp_path, why, old, new, code, line, mend):
    assert old in GOOD
    digests, problems = check_digests(written(tmp_path, GOOD.replace(old, new)), {"first", "second"})
    assert digests == ()
    found = [problem for problem in problems if problem.code == code]
    assert found, problems
    assert not line or found[0].place.line == line
    assert mend in found[0].mend


def test_all_problems_of_all_files_come_at_once(tmp_path):
    written(tmp_path, GOOD.replace("friday", "freitag").replace("17:30", "30:30"))
    written(tmp_path, "id: other\n", "other")
    with pytest.raises(WrongFiles) as caught:
        load_digests(tmp_path)
    codes = [problem.code for problem in caught.value.problems]
    assert {"D004", "D006", "D008"} <= set(codes)
    assert len({problem.place.file for problem in caught.value.problems}) == 2


def test_folder_without_digests_is_told(tmp_path):
    digests, problems = check_digests(tmp_path, None)
    assert (digests, [problem.code for problem in problems]) == ((), ["D002"])


def test_rule_names_are_not_checked_without_a_list(tmp_path):
    assert check_digests(written(tmp_path, GOOD), None)[1] == ()


def test_shipped_digest_loads():
    (digest,) = load_digests(Path(__file__).parents[2] / "digests")
    assert digest.languages == ("en", "be", "ru")
    assert all(set(section.title) == {"en", "be", "ru"} for section in digest.sections)
