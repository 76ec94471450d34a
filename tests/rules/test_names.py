import pytest

from monitor.model.names import NameKind
from monitor.rules.load import check_rules, load_rules

NAMES = """\
schema: 1
names:
  - id: kara
    kind: person
    printed: {en: Kara Dune, ru: Кара Дюна}
    variants:
      en: ["=DUNE"]
      ru: ["дюн(а|ы|е|у|ой)"]
"""


def codes(check):
    return [problem.code for problem in check.problems]


def test_names_keep_what_an_edition_prints(folder, rule_text):
    (name,) = load_rules(folder({"thing.yml": rule_text(), "names/people.yml": NAMES})).names
    assert (name.id, name.kind) == ("kara", NameKind.PERSON)
    assert name.form("ru") == "Кара Дюна"
    assert name.form("be") == "Kara Dune"
    assert name.variants["en"] == ("=DUNE",)


@pytest.mark.parametrize(
    ("printed", "title", "found", "because"),
    [
        ("Kara Dune", "kara dune came", True, "the printed form is a spelling too"),
        ("US", "they came to us", False, "capitals are meant"),
        ("US", "the US came", True, "as they are printed"),
        ("Kara (Dune)", "Kara Dune came", True, "signs in it are no term language"),
        ("the UN office", "the un office", False, "in every word"),
    ],
)
def test_printed_forms_are_spellings(engine, rule_text, article, printed, title, found, because):
    names = f'schema: 1\nnames: [{{id: x, kind: office, printed: {{en: "{printed}"}}}}]'
    built = engine({"thing.yml": rule_text(), "names/n.yml": names})
    assert bool(built.analyse(article(title)).mentions) is found, because


def test_references_bring_all_spellings_of_their_language(engine, rule_text, article):
    text = rule_text(terms='{thing: {en: ["minister @kara"]}}')
    built = engine({"thing.yml": text, "names/people.yml": NAMES})
    for title, stop in (
        ("Minister Kara Dune", ""),
        ("minister DUNE", ""),
        ("minister dune", "require:thing"),
        ("minister Дюна", "require:thing"),
    ):
        assert built.evaluate("thing", article(title))[0].stop == stop


def test_lexicons_are_references_too(engine, rule_text, article):
    lexicon = 'schema: 1\nid: ships\ndescription: What floats.\nterms: {en: [ship*, "(old|new) boat*"]}\n'
    built = engine({"thing.yml": rule_text(terms='{thing: {en: ["@ships"]}}'), "lexicons/ships.yml": lexicon})
    assert built.evaluate("thing", article("A new boat"))[0].stop == ""


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("schema: 1\nname: []", "E002", "did you mean"),
        ("schema: 1\nnames: [{id: x, kind: ship, printed: {en: X}}]", "E004", "ship"),
        ("schema: 1\nnames: [{id: x, printed: {en: X}}]", "E003", "kind"),
        ("schema: 1\nnames: [{id: X y, kind: unit, printed: {en: X}}]", "E004", "a–z"),
        ("schema: 1\nnames: [{id: x, kind: unit, printed: {english: X}}]", "E009", "english"),
        ("schema: 1\nnames: [{id: x, kind: unit, printed: {en: X}, variants: {en: ['a|b']}}]", "E008", "outside of brackets"),
        ("schema: 1\nnames: [{id: x, kind: unit, printed: {en: X}, variants: {en: ['@x']}}]", "E008", "inside a name"),
        ("schema: 1\nnames: [{id: x, kind: unit, printed: {en: X}, variants: {en: ['re:x']}}]", "E008", "inside a name"),
        ("names: [{id: x, kind: unit, printed: {en: X}}]", "E003", "schema"),
        ("schema: 1\nnames: {x: y}", "E004", "a list"),
    ],
)
def test_wrong_names_files(folder, rule_text, text, code, says):
    check = check_rules(folder({"thing.yml": rule_text(), "names/n.yml": text}))
    found = [problem for problem in check.problems if problem.code == code]
    assert found, check.problems
    assert any(says in str(problem) for problem in found)
    assert check.ruleset is None


def test_a_name_given_twice_is_warned_of_and_the_first_one_holds(folder, rule_text):
    files = {
        "thing.yml": rule_text(),
        "names/a.yml": "schema: 1\nnames: [{id: x, kind: unit, printed: {en: First}}]",
        "names/b.yml": "schema: 1\nnames: [{id: x, kind: unit, printed: {en: Second}}]",
    }
    check = check_rules(folder(files))
    assert codes(check) == ["W123"]
    assert [name.printed["en"] for name in check.ruleset.names] == ["First"]


def test_a_lexicon_is_named_as_its_file(folder, rule_text):
    files = {"thing.yml": rule_text(), "lexicons/boats.yml": "schema: 1\nid: ships\nterms: {en: [ship]}"}
    assert codes(check_rules(folder(files))) == ["E006"]


def test_a_wrong_entry_hides_no_other(folder, rule_text):
    names = """\
schema: 1
names:
  - {id: x, kind: ship, printed: {en: X}}
  - {id: y, kind: unit, printed: {en: Yankee}}
"""
    check = check_rules(folder({"thing.yml": rule_text(terms='{thing: {en: ["@x", "@y"]}}'), "names/n.yml": names}))
    assert codes(check) == ["E004"]


def test_a_name_says_whom_it_may_stand_for(folder, rule_text):
    names = NAMES + "  - {id: cabinet, kind: office, of: kara, printed: {en: Cabinet}}\n"
    found = load_rules(folder({"thing.yml": rule_text(), "names/people.yml": names})).names
    assert {name.id: name.of for name in found} == {"kara": "", "cabinet": "kara"}


def test_a_name_that_stands_for_nobody_known_is_a_problem_with_its_place(folder, rule_text):
    names = NAMES + "  - {id: cabinet, kind: office, of: karra, printed: {en: Cabinet}}\n"
    (problem,) = check_rules(folder({"thing.yml": rule_text(), "names/people.yml": names})).problems
    assert (problem.code, problem.place.line) == ("E012", 9)
    assert "kara" in problem.mend
