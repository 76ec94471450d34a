"""Templates escape, refuse what they must not touch, and say file and line when they are wrong."""

from importlib.resources import files

import pytest

from monitor.model.errors import WrongFiles
from monitor.text.templates import environment


def write(folder, **texts):
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def problem_of(templates, name, **context):
    with pytest.raises(WrongFiles) as caught:
        templates.render(name, **context)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("page.html", "&lt;b&gt; &amp; &#34;"),
        ("feed.xml", "&lt;b&gt; &amp; &#34;"),
        ("plain.txt", '<b> & "'),
        ("desk.md", '<b> & "'),
    ],
)
def test_markup_is_escaped_except_in_plain_text(tmp_path, name, printed):
    (tmp_path / name).write_text("{{ title }}", encoding="utf-8")
    assert environment([tmp_path]).render(name, title='<b> & "') == printed


def test_unknown_variable_is_told_with_file_and_line(tmp_path):
    write(tmp_path, page__html="<p>\n{{ edition.titel }}\n</p>")
    problem = problem_of(environment([tmp_path]), "page.html", edition={"title": "x"})
    assert problem.code == "T003"
    assert "titel" in problem.message
    assert (problem.place.file, problem.place.line) == (str(tmp_path / "page.html"), 2)


def test_wrong_variable_inside_an_included_template_names_the_included_file(tmp_path):
    write(tmp_path, page__html="{% include 'part.html' %}", part__html="\n\n{{ nobody }}")
    problem = problem_of(environment([tmp_path]), "page.html")
    assert (problem.place.file, problem.place.line) == (str(tmp_path / "part.html"), 3)


def test_broken_template_is_told_with_line(tmp_path):
    write(tmp_path, page__html="fine\n{% if x %}\nnever closed")
    problem = problem_of(environment([tmp_path]), "page.html", x=1)
    assert problem.code == "T001"
    assert problem.place.line == 3


@pytest.mark.parametrize(
    "reach",
    ["{{ ''.__class__.__mro__ }}", "{{ f.__globals__ }}", "{{ numbers.append(4) }}", "{{ range(10**9) | list | length }}"],
)
def test_sandbox_refuses_what_reaches_out(tmp_path, reach):
    write(tmp_path, page__html=reach)
    try:
        out = environment([tmp_path]).render("page.html", f=write, numbers=[1])
    except WrongFiles:
        return
    pytest.fail(f"rendered {out!r}")


def test_wrong_arithmetic_in_a_template_is_told_with_line(tmp_path):
    problem = problem_of(environment([write(tmp_path, a__txt="one\n{{ 1 / zero }}")]), "a.txt", zero=0)
    assert (problem.code, problem.place.line) == ("T005", 2)
    assert "ZeroDivisionError" in problem.message


def test_an_error_in_our_own_code_is_not_blamed_on_the_template(tmp_path):
    templates = environment([write(tmp_path, a__txt="{{ '' | first_letter }}")], filters={"first_letter": lambda text: text[0]})
    with pytest.raises(IndexError):
        templates.render("a.txt")


def test_missing_template_is_told(tmp_path):
    problem = problem_of(environment([tmp_path]), "none.html")
    assert (problem.code, problem.place.file) == ("T002", "none.html")


def test_a_name_cannot_leave_its_folder(tmp_path):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    assert problem_of(environment([inner]), "../secret.txt").code == "T002"


def test_earlier_folder_overrides_later_one(tmp_path):
    for name in ("own", "shipped"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.txt").write_text(name, encoding="utf-8")
    (tmp_path / "shipped" / "other.txt").write_text("from shipped", encoding="utf-8")
    templates = environment([tmp_path / "own", tmp_path / "absent", tmp_path / "shipped"])
    assert templates.render("page.txt") == "own"
    assert templates.render("other.txt") == "from shipped"


def test_edited_template_counts_at_once(tmp_path):
    templates = environment([write(tmp_path, a__txt="one")])
    assert templates.render("a.txt") == "one"
    write(tmp_path, a__txt="two")
    assert templates.render("a.txt") == "two"


def test_package_data_serves_as_a_folder():
    assert "Standard library only" in environment([files("monitor.model")]).render("__init__.py")


def test_filters_can_be_given(tmp_path):
    write(tmp_path, a__txt="{{ 'abc' | shout }}")
    assert environment([tmp_path], filters={"shout": str.upper}).render("a.txt") == "ABC"


def test_check_finds_every_broken_template(tmp_path):
    write(tmp_path, good__html="{{ anything }}", bad__html="{% for %}", worse__txt="\n{{ x | nofilter }}")
    problems = environment([tmp_path]).check()
    assert [(p.place.file.rsplit("/", 1)[1], p.place.line) for p in problems] == [("bad.html", 1), ("worse.txt", 2)]


def test_what_a_template_prints_is_cleaned_before_it_is_escaped_and_markup_stays_markup(tmp_path):
    (tmp_path / "a.html").write_text(
        "{% macro bold(x) %}<b>{{ x }}</b>{% endmacro %}{{ title }} {{ bold(title) }} {{ 3 }}", encoding="utf-8"
    )
    made = environment([tmp_path], clean=lambda text: text.replace("!", ""))
    assert made.render("a.html", title="<a!>") == "&lt;a&gt; <b>&lt;a&gt;</b> 3"
