"""What a rule learns from articles: marks, examples and exceptions. Marks are kept at once; the rest changes the draft, not the file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response

from monitor.digests.render.clean import legible
from monitor.logs import log
from monitor.model.article import Article
from monitor.model.errors import WorldFailed, WrongFiles
from monitor.model.mark import Mark, MarkSource, MarkVerdict
from monitor.model.match import Document
from monitor.polling import document_of
from monitor.rules.append import with_item
from monitor.rules.labels import FILE
from monitor.rules.suggest_exception import exception_items, suggest_exception
from monitor.rules.suggest_rule import inline_test
from monitor.store.promises import ArticleQuery
from monitor.trials.draft_trial import MOST_LABELLED
from monitor.trials.drafts import check_draft
from monitor.trials.labels_file import labels_in_force
from monitor.web.workbench.asking import Ask
from monitor.web.workbench.rule_page import Sheet, posted, rule_file_of, sheet, tried_of

VERDICTS = {"relevant": MarkVerdict.RELEVANT, "not-relevant": MarkVerdict.NOT_RELEVANT}
KINDS = ("should_match", "should_not_match")
MOST_FALSE = 40
"""So many false hits, the latest marked, are looked at for what they have in common."""


def mark(ask: Ask) -> Response:
    """Say of one article whether the rule should find it; it counts as a label from now on, as one made on the command line."""
    kept = rule_file_of(ask)
    verdict, article = _chosen(ask, "mark", VERDICTS)
    rule, now = Path(kept.name).stem, ask.request.app.state.site.clock()
    ask.store.record_marks([Mark(article.id, rule, VERDICTS[verdict], now, MarkSource.DESK)])
    log("article_marked", editor=ask.editor.name, rule=rule, article=article.id, verdict=VERDICTS[verdict].value)
    text, base, days = posted(ask)
    tried, said = tried_of(ask, kept.name, text, days)
    return sheet(ask, Sheet(kept.name, text, base, days, tried, said if said[0] else ("good", ask.words.say("workbench.marked"))))


def example(ask: Ask) -> Response:
    """The draft with an article as a test of the rule; saved is nothing yet."""
    kept = rule_file_of(ask)
    kind, article = _chosen(ask, "example", KINDS)
    line = inline_test(document_of(article))
    return _with(ask, kept.name, [(("tests", kind), line)], ask.words.say("workbench.example_added"))


def exception(ask: Ask) -> Response:
    """The draft with masks and vetoes that silence what was marked as not relevant and cost no relevant hit; nothing is saved yet."""
    kept = rule_file_of(ask)
    text, base, days = posted(ask)
    try:
        found = check_draft(ask.bench.rules.folder, kept.name, text)
        false, true = _labelled(ask, Path(kept.name).stem)
        if found.rule is None or found.check.ruleset is None:
            tried, said = tried_of(ask, kept.name, text, days)
            return sheet(ask, Sheet(kept.name, text, base, days, tried, said))
        proposed = suggest_exception(found.rule, found.check.ruleset, false, true)
    except (ValueError, WorldFailed, WrongFiles) as error:
        said = "warn", ask.words.say("workbench.no_exception", reason=str(error))
        return sheet(ask, Sheet(kept.name, text, base, days, said=said))
    if not proposed.words:
        said = "warn", ask.words.say("workbench.nothing_common")
        return sheet(ask, Sheet(kept.name, text, base, days, said=said))
    items = [(("match", kind), item) for kind, item in exception_items(proposed)]
    items += [(("tests", "should_not_match"), inline_test(one)) for one in false if one.id in proposed.silenced]
    told = ask.words.count("workbench.exception_added", len(proposed.silenced), kept=proposed.kept)
    return _with(ask, kept.name, items, told)


def _with(ask: Ask, name: str, items: Sequence[tuple[tuple[str, ...], str]], told: str) -> Response:
    """The page with items added to the text in the editor, tried anew."""
    text, base, days = posted(ask)
    try:
        for path, item in items:
            text = with_item(text, path, legible(item))
    except ValueError as error:
        said = "warn", ask.words.say("workbench.by_hand", reason=str(error), line=f"- {legible(items[0][1])}")
        return sheet(ask, Sheet(name, text, base, days, said=said))
    tried, said = tried_of(ask, name, text, days)
    return sheet(ask, Sheet(name, text, base, days, tried, said if said[0] else ("good", told)))


def _chosen(ask: Ask, name: str, kinds: Collection[str]) -> tuple[str, Article]:
    """What a button says: "relevant:1f2e", of an article that is stored.

    Raises:
        HTTPException: 404 where there is no such article, or nothing like it can be said of one.
    """
    kind, _, article = ask.form.get(name, "").partition(":")
    stored = ask.store.articles(ArticleQuery(ids=(article,), without_analysis=True)) if article else ()
    if kind not in kinds or not stored:
        raise HTTPException(404)
    return kind, stored[0].article


def _labelled(ask: Ask, rule: str) -> tuple[list[Document], list[Document]]:
    """(articles that the rule should not find, articles that it should), as far as they are stored.

    Raises:
        WrongFiles: The labels file holds lines that are no labels.
    """
    labels = [one for one in labels_in_force(ask.bench.rules.folder / FILE, ask.store) if one.rule == rule][-MOST_LABELLED:]
    stored = ask.store.articles(ArticleQuery(ids=tuple(one.id for one in labels), without_analysis=True)) if labels else ()
    documents = {item.article.id: document_of(item.article) for item in stored}
    false = [documents[one.id] for one in labels if not one.relevant and one.id in documents][-MOST_FALSE:]
    return false, [documents[one.id] for one in labels if one.relevant and one.id in documents]
