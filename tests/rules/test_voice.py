from monitor.rules.voice import voices


def test_the_words_of_a_rule_come_by_verdict_and_language(ruleset, harbour):
    voice = voices(ruleset({"harbour.yml": harbour}))["harbour"]
    assert (voice.rule, voice.title, voice.version) == ("harbour", "Grain in the harbour", 3)
    assert voice.headline == {"better": {"en": "Ships load grain again"}}
    assert voice.assessment["worse"]["ru"] == "{actors}: путь закрыт."
    assert voice.outlook == {}


def test_rules_on_trial_have_no_voice(ruleset, rule_text):
    files = {
        f"{status}.yml": rule_text(status, status=status, owner="desk", description="x")
        for status in ("draft", "shadow", "active", "deprecated")
    }
    assert sorted(voices(ruleset(files))) == ["active", "deprecated"]
