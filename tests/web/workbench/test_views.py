"""What the templates print: bars that fit their ground, figures as the language writes them, long values cut to what differs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.problem import Place, Problem, Severity
from monitor.rules.compare import Change
from monitor.rules.quality import Share
from monitor.trials.live import Week
from monitor.web.words import site_words
from monitor.web.workbench.views import HIGH, change_lines, decimal, differing, findings, share, weeks_drawn


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), max_size=60))
def test_bars_stay_within_their_ground(counts):
    drawn = weeks_drawn(
        [Week(f"2019-W{number}", old, new) for number, (old, new) in enumerate(counts)], site_words("en"), compared=True
    )
    assert all(0 <= bar.new <= HIGH and 0 <= bar.old <= HIGH and bar.x < drawn.wide for bar in drawn.bars)
    assert not counts or max(max(pair) for pair in counts) == 0 or max(max(bar.new, bar.old) for bar in drawn.bars) == HIGH


@pytest.mark.parametrize(("language", "text"), [("en", "0.83"), ("be", "0,83"), ("ru", "0,83")])
def test_decimals_are_written_as_the_language_does(language, text):
    assert decimal(5 / 6, language) == text


def test_a_share_has_its_interval_and_nothing_has_none():
    assert share(Share(5, 6), "en") == "0.83 (0.44–0.97), 5/6"
    assert share(Share(0, 0), "en") == "–"


def test_of_long_values_only_what_differs_is_shown():
    old = "any(near(a, b) ≤3, near(c, d) ≤4, " + ", ".join(f"near(x{number}, y) ≤9" for number in range(20)) + ")"
    [line] = change_lines([Change("match.require", (old,), (old.replace("near(c, d) ≤4", "near(c, d) ≤7"),))])
    assert (line.removed, line.added) == (("… d) ≤4, …",), ("… d) ≤7, …",))


def test_what_was_only_added_leaves_nothing_taken_away():
    assert differing("a, b", "a, c, b") == ("", "… c, …")


def test_findings_begin_with_errors_of_the_file_itself():
    made = [
        Problem(Place("talks.yml", 1, 1), "W101", "", "", Severity.WARNING),
        Problem(Place("a.yml", 1, 1), "E002", ""),
        Problem(Place("talks.yml", 9, 1), "E001", ""),
    ]
    assert [(one.code, one.file, one.line) for one in findings(made, "talks.yml")] == [
        ("E001", "", 9),
        ("E002", "a.yml", 1),
        ("W101", "", 1),
    ]
