from monitor.rules.load import check_rules
from monitor.rules.voice import voices


def test_the_words_of_a_rule_come_by_verdict_and_language(ruleset, harbour):
    voice = voices(ruleset({"harbour.yml": harbour}))["harbour"]
    assert (voice.rule, voice.title, voice.version) == ("harbour", "Grain in the harbour", 3)
    assert voice.headline == {"better": {"en": ("Ships load grain again",)}}
    assert voice.assessment["worse"]["ru"] == ("{actors}: путь закрыт.",)
    assert voice.outlook == {}


def test_rules_on_trial_have_no_voice(ruleset, rule_text):
    files = {
        f"{status}.yml": rule_text(status, status=status, owner="desk", description="x")
        for status in ("draft", "shadow", "active", "deprecated")
    }
    assert sorted(voices(ruleset(files))) == ["active", "deprecated"]


def test_texts_that_take_turns_are_kept_in_their_order(ruleset, rule_text):
    words = "{assessment: {worse: {en: [The first., The second.], ru: Одно.}}}"
    voice = voices(ruleset({"thing.yml": rule_text(digest=words, status="active", owner="desk", description="x")}))["thing"]
    assert voice.assessment == {"worse": {"en": ("The first.", "The second."), "ru": ("Одно.",)}}


def test_a_wrong_slot_is_found_in_the_text_that_has_it(folder, rule_text):
    words = "{outlook: {worse: {en: [The first., 'The {secund}.', 3]}}}"
    problems = check_rules(folder({"thing.yml": rule_text(digest=words)})).problems
    assert [(problem.code, problem.place.line is not None) for problem in problems] == [("E002", True), ("E004", True)]
    assert 'unknown slot "{secund}"' in problems[0].message
