"""Marks of stored articles: lines that people can read, of which the last one holds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.errors import WrongFiles
from monitor.model.mark import Mark, MarkSource, MarkVerdict
from monitor.model.match import Direction, Document
from monitor.rules import marks
from monitor.rules.labels import Label, in_force, judged_by_article, label_line, labelled_articles, read_labels

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def mark(article="a1", rule="harbour", *, relevant=True, direction=None, note=""):
    return Label(article, f"https://example.org/{article}", rule, relevant, direction, "ann", AT, note)


@given(
    st.builds(
        Label,
        id=st.text(min_size=1),
        url=st.text(),
        rule=st.text(min_size=1),
        relevant=st.sampled_from([True, False, None]),
        direction=st.sampled_from([None, *Direction]),
        by=st.text(),
        at=st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0, year=max(1000, moment.year))),
        note=st.text(),
        source=st.sampled_from(MarkSource),
        edition=st.text(),
    )
)
def test_what_is_written_is_read_again(label):
    assert read_labels(label_line(label) + "\n", "labels.jsonl") == (label,)


def test_a_line_is_short_and_plain():
    line = label_line(mark(direction=Direction.WORSENS))
    assert line == (
        '{"id": "a1", "url": "https://example.org/a1", "rule": "harbour", "relevant": true, '
        '"direction": "worsens", "by": "ann", "at": "2026-03-04T05:06:07Z"}'
    )


def test_a_later_mark_replaces_the_earlier_one_of_its_article_and_rule_only():
    first, other, changed = mark(), mark(rule="bread"), mark(relevant=False)
    text = "\n".join(map(label_line, (first, other, changed)))
    assert read_labels(text, "labels.jsonl") == (other, changed)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("no json", "Expecting value"),
        ("[1]", "missing"),
        ('{"id": "a", "rule": "r", "relevant": true}', "at is missing"),
        ('{"id": "a", "rule": "r", "relevant": "yes", "at": "2026-01-01"}', "true or false"),
        ('{"id": "a", "rule": "r", "relevant": true, "direction": "up", "at": "2026-01-01"}', "up"),
        ('{"id": "a", "rule": "r", "relevant": true, "at": "yesterday"}', "yesterday"),
    ],
)
def test_a_line_that_is_no_mark_is_told_with_its_place(line, told):
    with pytest.raises(WrongFiles) as caught:
        read_labels(f"{label_line(mark())}\n\n{line}\n{line}\n", "labels.jsonl")
    assert [problem.place.line for problem in caught.value.problems] == [3, 4]
    assert all(told in problem.message and problem.code == "L001" and problem.mend for problem in caught.value.problems)


def test_a_rule_that_nobody_marked_is_neither_right_nor_wrong():
    labels = (mark(rule="one", direction=Direction.WORSENS), mark(rule="two", relevant=False), mark("gone", "one"))
    documents = {"a1": Document("a1", "Title", "")}
    [found] = labelled_articles(labels, documents, ["one", "two", "three"])
    assert found.required == {"one"}
    assert found.allowed == {"three"}
    assert found.direction is Direction.WORSENS


def test_marks_that_point_different_ways_give_the_article_no_direction():
    labels = (mark(rule="one", direction=Direction.WORSENS), mark(rule="two", direction=Direction.IMPROVES))
    [found] = labelled_articles(labels, {"a1": Document("a1", "Title", "")}, ["one", "two"])
    assert found.direction is None


def answer(article="a1", rule="harbour", verdict=MarkVerdict.NOT_RELEVANT, hours=0, source=MarkSource.EDITION):
    edition = "weekly/2026-03-02" if source is MarkSource.EDITION else ""
    return Mark(article, rule, verdict, AT + timedelta(hours=hours), source, edition, "s1")


def verdicts(labels):
    return [(label.id, label.rule, label.relevant, label.origin) for label in labels]


def test_a_reader_s_answer_counts_where_nothing_else_is_said_and_tells_where_it_came_from():
    assert verdicts(in_force((), [answer()], {"a1": "https://example.org/a1"})) == [("a1", "harbour", False, "weekly/2026-03-02")]
    assert in_force((), [answer()], {"a1": "https://example.org/a1"})[0].url == "https://example.org/a1"


@pytest.mark.parametrize(
    ("stored", "relevant"),
    [
        pytest.param([answer(), answer(verdict=MarkVerdict.RELEVANT, hours=1)], True, id="the later reader"),
        pytest.param([answer(verdict=MarkVerdict.RELEVANT, source=MarkSource.DESK), answer(hours=9)], True, id="the desk"),
        pytest.param(
            [answer(source=MarkSource.DESK, hours=9), answer(verdict=MarkVerdict.RELEVANT, source=MarkSource.CLI)],
            True,
            id="the command line",
        ),
    ],
)
def test_of_the_store_s_marks_the_last_of_the_strongest_source_counts(stored, relevant):
    assert [label.relevant for label in in_force((), stored)] == [relevant]


def test_the_labels_file_stands_above_the_store_whatever_the_time():
    assert [label.relevant for label in in_force([mark()], [answer(hours=99)])] == [True]


def test_a_withdrawn_mark_is_gone_wherever_it_was_made():
    withdrawn = Label("a1", "", "harbour", None, None, "ann", AT)
    assert in_force([withdrawn], [answer(hours=99)]) == ()
    assert read_labels(f"{label_line(mark())}\n{label_line(withdrawn)}\n", "labels.jsonl") == (withdrawn,)


def test_marks_of_single_rules_leave_the_other_rules_unlabelled():
    found = judged_by_article(in_force([mark(rule="a"), mark(rule="b", relevant=False)]))
    assert [found["a1"].mark(rule) for rule in "abc"] == [marks.Mark.RELEVANT, marks.Mark.NOT_RELEVANT, marks.Mark.NONE]
    assert found["a1"] == found["https://example.org/a1"]


def test_the_direction_of_a_mark_is_judged():
    found = judged_by_article([mark(direction=Direction.IMPROVES)])
    assert found["a1"].direction is Direction.IMPROVES
