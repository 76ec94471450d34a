from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.errors import WrongUse
from monitor.model.match import Direction, Document, Field
from monitor.rules.compile import Hits
from monitor.rules.engine import Engine
from monitor.rules.evaluate import evaluate
from monitor.rules.load import load_rules
from monitor.rules.text import read_document

LONG = "The weather stayed mild over the weekend and people walked along the shore until late in the evening."


def test_a_match_carries_its_proof(engine, harbour, article):
    (match,) = engine({"harbour.yml": harbour}).analyse(article("Harbour halts wheat for a week", LONG)).matches
    assert (match.rule, match.version, match.score, match.threshold) == ("harbour", 3, 7.5, 3.0)
    assert match.direction is Direction.WORSENS
    assert match.direction_score == -6
    assert [(span.field, span.start, span.end, span.text, span.term, span.phrase) for span in match.spans] == [
        (Field.TITLE, 0, 7, "Harbour", "port", "harbour*"),
        (Field.TITLE, 14, 19, "wheat", "grain", "(grain|wheat)"),
    ]
    assert [(cue.span.text, cue.score, cue.plover, cue.cancelled) for cue in match.cues] == [
        ("halts", -6, "SANCTION/discontinue", "")
    ]
    assert match.reason == "grain «wheat» near port «Harbour», grain «wheat», score 7.5 of 3.0"


def test_spans_point_at_the_original_text(engine, harbour, article):
    title = "«Га\u0301вань» при\u00adостановила экспорт пшени\u0301цы"
    (match,) = engine({"harbour.yml": harbour}).analyse(article(title, "", "ru")).matches
    assert [span.text for span in match.spans] == ["Га\u0301вань", "пшени\u0301цы"]
    for span in (*match.spans, *(cue.span for cue in match.cues)):
        assert title[span.start : span.end] == span.text


def test_an_analysis_names_its_rule_set(ruleset, harbour, article):
    rules = ruleset({"harbour.yml": harbour})
    analysis = Engine(rules).analyse(article("Nothing at all"))
    assert analysis.article_id == "a1"
    assert analysis.matches == ()
    assert analysis.ruleset == rules.hash


@pytest.mark.parametrize(
    ("status", "matches", "shadow"), [("draft", 0, False), ("shadow", 1, True), ("active", 1, False), ("deprecated", 1, False)]
)
def test_the_life_of_a_rule_decides_whether_it_runs(engine, rule_text, article, status, matches, shadow):
    text = rule_text(status=status, owner="desk", description="gone")
    found = engine({"thing.yml": text}).analyse(article("A thing")).matches
    assert len(found) == matches
    assert all(match.shadow is shadow for match in found)


def test_a_draft_can_be_evaluated_all_the_same(engine, rule_text, article):
    evaluation, _ = engine({"thing.yml": rule_text()}).evaluate("thing", article("A thing"))
    assert evaluation.stop == ""


def test_an_unknown_rule_is_wrong_use(engine, rule_text, article):
    with pytest.raises(WrongUse, match="thing"):
        engine({"thing.yml": rule_text()}).evaluate("thong", article("A thing"))


NAMES = """\
schema: 1
names:
  - {id: ministry, kind: office, printed: {en: Ministry of Sunland, ru: Министерство Солнечной}, variants: {en: ["sunland ministry"]}}
  - {id: sunland, kind: country, printed: {en: Sunland, ru: Солнечная}, variants: {ru: ["солнечн(ая|ой|ую)"], any: ["=SUN"]}}
  - {id: kara, kind: person, printed: {en: Kara, be: Кара}, variants: {en: ["kara (dune|reef)"]}}
"""


def mentions(engine, rule_text, document):
    built = engine({"thing.yml": rule_text(), "names/all.yml": NAMES})
    found = built.analyse(document).mentions
    part = {Field.TITLE: document.title, Field.TEXT: document.text}
    return [(mention.name, mention.field, part[mention.field][mention.start : mention.end]) for mention in found]


def test_names_are_mentioned_where_they_stand_longest_first(engine, rule_text, article):
    document = article("Kara Dune visits", "The Ministry of Sunland met Kara. Sunland agreed, said a spokeswoman for the press.")
    assert mentions(engine, rule_text, document) == [
        ("kara", Field.TITLE, "Kara Dune"),
        ("ministry", Field.TEXT, "Ministry of Sunland"),
        ("kara", Field.TEXT, "Kara"),
        ("sunland", Field.TEXT, "Sunland"),
    ]


def test_names_are_sought_in_the_language_of_the_article(engine, rule_text, article):
    russian = article("Солнечную посетили", "Kara и SUN. " + "Погода в выходные держалась мягкой, люди гуляли.", "ru")
    assert [name for name, _, _ in mentions(engine, rule_text, russian)] == ["sunland", "sunland"]
    german = article("SUN und Kara", "Das Wetter blieb am Wochenende mild, und die Leute gingen spazieren.", "de")
    assert [name for name, _, _ in mentions(engine, rule_text, german)] == ["sunland"]


def test_an_article_of_unsure_language_is_searched_in_all(engine, rule_text, article):
    document = article("Солнечную посетила Kara", "", "de", sure=False)
    assert [name for name, _, _ in mentions(engine, rule_text, document)] == ["sunland", "kara"]


def test_a_wider_rule_set_finds_the_same(engine, harbour, rule_text, article):
    document = article("Harbour halts wheat for a week", LONG)
    alone = engine({"harbour.yml": harbour}).analyse(document).matches
    among = engine({"harbour.yml": harbour, **{f"x{n}.yml": rule_text(f"x{n}") for n in range(30)}}).analyse(document).matches
    assert [asdict(match) for match in alone] == [asdict(match) for match in among]


WORDS = [
    "harbour",
    "harbours",
    "grain",
    "wheat",
    "PORT",
    "port",
    "halt",
    "halts",
    "turned",
    "ships",
    "away",
    "resumes",
    "recipe",
    "of",
    "salt",
    "a",
    "not",
    "only",
    ".",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Many rules that share words, made from every way to require things."""
    folder = tmp_path_factory.mktemp("rules")
    requires = [
        "[grain]",
        "[grain, port]",
        "[{any: [grain, port]}]",
        "[{any: [halt, {source_country: [ro]}]}]",
        "[{near: [grain, port], within: 2}]",
        "[{near: [grain, {any: [halt, resume]}], within: 3, order: true}]",
        "[{all: [grain, {any: [halt, resume]}]}]",
        "[{term: grain, in: [title]}]",
        "[code]",
        "[{any: [code, salt]}]",
    ]
    scores = ["[]", "[{term: grain, weight: 2}, {near: [grain, halt], within: 3, weight: 3}]", "[{any: [halt, port], weight: 2}]"]
    number = 0
    for require in requires:
        for score in scores:
            for threshold in (0, 2.5):
                if threshold and score == "[]":
                    continue
                number += 1
                (folder / f"r{number}.yml").write_text(
                    f"""schema: 1
id: r{number}
version: 1
title: Rule
scope: {{langs: [en, ru]}}
terms:
  grain: {{en: ["(grain|wheat)"]}}
  port: {{en: ["harbour*", "=PORT"]}}
  halt: {{en: ["halt*", "turn* <2> away"]}}
  resume: {{en: ["resum*"]}}
  salt: {{en: ["(salt|grain of salt)"]}}
  code: {{en: ['re:wheat|sa.t']}}
match:
  require: {require}
  score: {score}
  threshold: {threshold}
  mask: [{{terms: {{en: ["grain of salt"]}}, why: figure}}]
""",
                    encoding="utf-8",
                )
    return Engine(load_rules(folder))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=10),
    st.lists(st.sampled_from(WORDS), max_size=30),
    st.sampled_from(["", "ro"]),
    st.booleans(),
)
def test_calling_up_candidates_loses_no_match(built, title, text, country, sure):
    """The index calls up few rules; evaluating every rule must find nothing more."""
    document = Document("x", " ".join(title), " ".join(text) + "\n" + LONG, "en", sure, country=country)
    hits = Hits(read_document(document), built._compiled)
    every = [filed.rule.id for filed in built._compiled.rules if not evaluate(built._compiled, filed, hits).stop]
    assert [match.rule for match in built.analyse(document).matches] == every
