"""What the current week's edition would tell with the draft in force, beside what it tells now: composed twice, nothing frozen or sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from starlette.responses import Response

from monitor import publishing
from monitor.digests.due import due_of_week
from monitor.model.digest import Digest
from monitor.model.edition import Edition, Verdict
from monitor.model.errors import MonitorError
from monitor.model.story import AnalysedArticle
from monitor.parts import Files, Parts
from monitor.polling import document_of
from monitor.rules.backtest import week_of
from monitor.rules.engine import Engine
from monitor.rules.voice import voices
from monitor.store.promises import ArticleQuery, Store
from monitor.trials.archive import last_seen
from monitor.trials.drafts import DraftCheck, check_draft
from monitor.trials.live import Version
from monitor.web.workbench import views
from monitor.web.workbench.asking import RULES, Ask
from monitor.web.workbench.rule_page import Sheet, posted, rule_file_of, sheet
from monitor.web.workbench.showing import message, show

VERDICTS = {Verdict.BETTER: "↑", Verdict.WORSE: "↓", Verdict.UNCHANGED: "→"}


@dataclass(frozen=True, slots=True)
class Line:
    """A headline: `kind` is "same", "added" (only with the draft) or "removed" (only without)."""

    headline: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its verdict now and with the draft."""

    title: str
    now: str
    then: str
    lines: tuple[Line, ...]


class _Drafted:
    """A store whose articles carry what the draft finds instead of what the saved rule found; all else is the store's own."""

    def __init__(self, store: Store, again: Callable[[AnalysedArticle], AnalysedArticle]) -> None:
        self._store, self._again = store, again

    def articles(self, query: ArticleQuery) -> tuple[AnalysedArticle, ...]:
        """As the store's, each read anew."""
        return tuple(map(self._again, self._store.articles(query)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def preview(ask: Ask) -> Response:
    """The sections and headlines of each digest that prints the rule."""
    kept = rule_file_of(ask)
    text, base, days = posted(ask)
    bench, name = ask.bench, kept.name
    if bench.parts is None:
        return message(ask.request, 404, "workbench.no_preview")
    with bench.turns.place() as free:
        if not free:
            return message(ask.request, 503, "workbench.busy")
        try:
            check = check_draft(bench.rules.folder, name, text)
            if check.rule is None or check.check.ruleset is None:
                said = "bad", ask.words.say("workbench.not_tried")
                wrong = views.findings(check.errors, name)
                return sheet(ask, Sheet(name, text, base, days, said=said, wrong=wrong, status=422))
            shown = _previewed(ask, bench.parts(), check, Path(name).stem)
        except MonitorError as error:
            return message(ask.request, 503, "workbench.failed", reason=str(error))
    return show(
        ask.request,
        "preview.html",
        editor=ask.editor,
        title=ask.words.say("workbench.preview_title", rule=Path(name).stem),
        rule=Path(name).stem,
        shown=shown,
        text=text,
        base=base,
        days=days,
        act=ask.to(f"{RULES}{name}/try"),
    )


def _previewed(ask: Ask, parts: Parts, check: DraftCheck, rule: str) -> list[tuple[str, str, list[Part]]]:
    """(title, week, sections) of each digest with a section for the rule."""
    drafted = _with_draft(parts, check)
    found = []
    for digest in parts.files.digests:
        if any(rule in section.rules for section in digest.sections):
            now, then = (_composed(ask, one, digest) for one in (parts, drafted))
            found.append((then.title, then.week_line, _compared(now, then)))
    return found


def _with_draft(parts: Parts, check: DraftCheck) -> Parts:
    """The parts with the draft's rules in force, and articles as the draft reads them."""
    rule, ruleset = check.rule, check.check.ruleset
    assert rule is not None
    assert ruleset is not None
    version = Version.of(rule, ruleset)

    def again(item: AnalysedArticle) -> AnalysedArticle:
        match = version.trial.run(document_of(item.article)).match(rule.id) if rule.runs else None
        others = tuple(one for one in item.analysis.matches if one.rule != rule.id)
        matches = tuple(sorted((*others, *([match] if match else [])), key=lambda one: one.rule))
        return replace(item, analysis=replace(item.analysis, matches=matches))

    files = Files(parts.files.feeds, Engine(ruleset), tuple(ruleset.names), voices(ruleset), parts.files.digests, ruleset.hash)
    return replace(parts, files=files, store=cast("Store", _Drafted(parts.store, again)))


def _composed(ask: Ask, parts: Parts, digest: Digest) -> Edition:
    now = ask.request.app.state.site.clock()
    week = week_of(min(last_seen(ask.store, now) or now, now))
    language = ask.language if ask.language in digest.languages else digest.languages[0]
    inputs = publishing.gather(parts, digest, due_of_week(digest, week, now))
    return publishing.compose(inputs, [language]).editions[language]


def _compared(now: Edition, then: Edition) -> list[Part]:
    """Section by section, in the order of the edition with the draft; what it loses comes last in each."""
    before = {section.id: section for section in now.sections}
    parts = []
    for section in then.sections:
        old = before.get(section.id)
        known = {item.headline for item in old.items} if old else set()
        kept = {item.headline for item in section.items}
        lines = [Line(one.headline, one.headline_language, "same" if one.headline in known else "added") for one in section.items]
        lines += [
            Line(one.headline, one.headline_language, "removed") for one in (old.items if old else ()) if one.headline not in kept
        ]
        parts.append(
            Part(section.title, VERDICTS[old.status.verdict] if old else "", VERDICTS[section.status.verdict], tuple(lines))
        )
    return parts
