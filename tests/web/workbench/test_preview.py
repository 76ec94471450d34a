"""The current week's edition with a draft in force: what it would tell anew and no longer, with nothing kept of it."""

import pytest

from monitor.store.promises import ArticleQuery

TOLD = [
    ("Talks agreed", "The neighbours agreed on talks about the bridge, the minister said on Tuesday in the capital.\n" * 4),
    ("Negotiators meet", "Negotiators met in the port on Wednesday, the mayor of the northern town told reporters there.\n" * 4),
]


@pytest.fixture
def desk(make_desk):
    return make_desk(articles=TOLD)


def wider(fields):
    return fields["yaml"].replace('talks: {en: ["talks"]}', 'talks: {en: ["negotiators"]}')


def test_the_edition_is_told_with_what_a_draft_adds_and_takes_away(desk, ann):
    before = desk.store.articles(ArticleQuery())
    page = ann.send("preview", yaml=wider(ann.fields()))
    assert page.status == 200
    assert "<ins>Negotiators meet</ins>" in page.text
    assert "<del>Talks agreed</del>" in page.text
    assert "Talks weekly" in page.plain
    assert (desk.store.articles(ArticleQuery()), desk.store.editions(), desk.store.outbox()) == (before, (), ())


def test_the_saved_text_changes_nothing_in_the_edition(ann):
    page = ann.send("preview")
    assert "Talks agreed" in page.plain
    assert ("<ins>" in page.text, "<del>" in page.text) == (False, False)


def test_a_rule_that_is_a_draft_prints_nothing(ann):
    page = ann.send("preview", yaml=ann.fields()["yaml"].replace("status: active", "status: draft"))
    assert "<del>Talks agreed</del>" in page.text


def test_the_text_comes_back_from_the_preview(ann):
    page = ann.send("preview", yaml=wider(ann.fields()))
    assert '"negotiators"' in page.text.partition("<textarea")[2].replace("&#34;", '"')


def test_a_rule_that_no_digest_prints_says_so(desk, ann):
    text = desk.rule.read_text(encoding="utf-8").replace("id: talks", "id: bridges")
    (desk.rules / "bridges.yml").write_text(text, encoding="utf-8")
    assert "No digest prints bridges." in ann.send("preview", "bridges.yml").plain


def test_a_text_that_is_wrong_is_not_previewed(ann):
    page = ann.send("preview", yaml="id: [")
    assert (page.status, "E001" in page.plain) == (422, True)
