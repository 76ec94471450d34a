def test_a_draft_is_written_and_holds(desk):
    assert "grain.yml" in desk.run("rules", "new", "grain", "--title", "Grain", "--lang", "en", "--topic", "trade").stdout
    text = (desk.home / "rules" / "trade" / "grain.yml").read_text(encoding="utf-8")
    assert "created: 2019-03-06" in text
    assert "$schema=../schema/rule.json" in text
    assert desk.lines("rules", "check", "--strict") == []
    assert desk.run("rules", "test", "grain")


def test_nothing_is_written_over(desk):
    before = (desk.home / "rules" / "talks.yml").read_text(encoding="utf-8")
    assert "there already" in desk.run("rules", "new", "talks", "--topic", "other", expect=2).stderr
    assert (desk.home / "rules" / "talks.yml").read_text(encoding="utf-8") == before
    assert not (desk.home / "rules" / "other").exists()


def test_what_is_asked_for_wrongly_is_refused(desk):
    assert "my-rule" in desk.run("rules", "new", "My Rule", expect=2).stderr
    assert "xx" in desk.run("rules", "new", "grain", "--lang", "xx", expect=2).stderr
    assert "out of" in desk.run("rules", "new", "grain", "--topic", "../..", expect=2).stderr
