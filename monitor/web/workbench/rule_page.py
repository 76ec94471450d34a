"""The page of one rule: its text beside what it finds. Trying shows, and saves nothing; without script a button does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response

from monitor.model.errors import WorldFailed
from monitor.trials.draft_trial import Draft, Tried, try_draft
from monitor.trials.drafts import MOST_BYTES
from monitor.trials.live import Bounds
from monitor.trials.reference_trial import try_reference
from monitor.trials.rule_files import Kept
from monitor.web.workbench import views
from monitor.web.workbench.asking import RULES, Ask
from monitor.web.workbench.showing import show

DAYS = (7, 28, 90, 365)
USUAL_DAYS = 28


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page shows. `text` is what stands in the editor, `base` the digest of the file it was made from, "" for none.

    `said` is (kind, text) of what just happened; `wrong` are findings that kept it from being saved; `theirs` the file as somebody else
    left it; `undo` the version to go back to.
    """

    name: str
    text: str
    base: str
    days: int = USUAL_DAYS
    tried: Tried | None = None
    said: tuple[str, str] = ("", "")
    wrong: list[views.FindingLine] = field(default_factory=list)
    theirs: str | None = None
    difference: tuple[str, ...] = ()
    why: str = ""
    undo: int = 0
    status: int = 200


def name_of(ask: Ask) -> str:
    """The file that the address names, as a path inside the folder of rules."""
    return str(ask.request.path_params["name"])


def file_of(ask: Ask) -> Kept:
    """The file that the address names.

    Raises:
        HTTPException: 404 where the folder has no such file that is edited here.
    """
    kept = ask.bench.rules.read(name_of(ask))
    if kept is None:
        raise HTTPException(404)
    return kept


def rule_file_of(ask: Ask) -> Kept:
    """As `file_of`, of a rule: for what only rules have, such as marks, examples and a place in editions."""
    kept = file_of(ask)
    if kept.name not in ask.bench.rules.files():
        raise HTTPException(404)
    return kept


def page(ask: Ask) -> Response:
    """The saved text; the script tries it at once, a reader without one by the button."""
    kept = file_of(ask)
    saved = ask.request.query_params.get("saved", "")
    version = ask.store.rule_version(int(saved)) if saved.isdecimal() and len(saved) < 16 else None
    said, undo = ("", ""), 0
    if version and version.file == kept.name and version.content is not None:
        said = "good", ask.words.say("workbench.saved", version=version.id)
        undo = next((one.id for one in ask.store.rule_versions(kept.name) if one.id < version.id and one.content is not None), 0)
    return sheet(ask, Sheet(kept.name, kept.text, kept.digest, said=said, undo=undo))


def try_it(ask: Ask) -> Response:
    """Try the text as it stands in the editor."""
    kept = file_of(ask)
    text, base, days = posted(ask)
    tried, said = tried_of(ask, kept.name, text, days)
    if not said[0] and kept.digest != base:
        said = "warn", ask.words.say("workbench.changed_outside")
    return sheet(ask, Sheet(kept.name, text, base, days, tried, said, status=503 if said[0] == "busy" else 200))


def posted(ask: Ask) -> tuple[str, str, int]:
    """(text, digest of the file that it was made from, days) of the form."""
    days = ask.form.get("days", "")
    text = ask.form.get("yaml", "")
    return (
        text if text.endswith("\n") or not text else text + "\n",
        ask.form.get("base", ""),
        int(days) if days.isdecimal() and int(days) in DAYS else USUAL_DAYS,
    )


def tried_of(ask: Ask, name: str, text: str, days: int) -> tuple[Tried | None, tuple[str, str]]:
    """The trial of a text; None with what to say where it could not be tried."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return None, ("bad", ask.words.say("workbench.too_long"))
    bench = ask.bench
    turn = bench.turns.begin(ask.editor.session or ask.editor.name, name)
    with bench.turns.place() as free:
        if not free:
            return None, ("busy", ask.words.say("workbench.busy"))
        bounds = Bounds(bench.trial_s, bench.trial_articles, lambda: turn.over() or ask.turn.over())
        try:
            if name in bench.rules.references():
                tried = try_reference(bench.rules.folder, name, text, bounds.stopped)
            else:
                draft = Draft(bench.rules.folder, name, text, bench.saved.version(bench.rules.folder, name), days)
                tried = try_draft(draft, ask.store, ask.request.app.state.site.clock(), bounds)
        except WorldFailed as error:
            return None, ("bad", str(error))
    return tried, ("", "")


def sheet(ask: Ask, shown: Sheet) -> Response:
    """The page, or the part of it that a trial changes where a script asks for that."""
    context = context_of(ask, shown)
    if ask.fragment:
        return show(ask.request, "result.html", status=shown.status, editor=ask.editor, **context)
    return show(ask.request, "rule.html", status=shown.status, editor=ask.editor, **context)


def context_of(ask: Ask, shown: Sheet) -> Mapping[str, object]:
    """What the templates of the page are given."""
    tried, words = shown.tried, ask.words
    live = tried.live if tried else None
    kept = ask.bench.rules.read(shown.name)
    found = [*tried.check.own, *tried.check.others, *tried.labels_wrong] if tried else []
    here = f"{RULES}{shown.name}/"
    reference = shown.name in ask.bench.rules.references()
    return {
        "title": shown.name if reference else Path(shown.name).stem,
        "reference": reference,
        "sheet": shown,
        "here": here,
        "address": ask.to(here),
        "act": lambda action: ask.to(f"{here}{action}"),
        "days": DAYS,
        "may_save": ask.bench.may_save,
        "unsaved": kept is None or kept.text != shown.text,
        "may_preview": ask.bench.parts is not None and not reference,
        "tried": tried,
        "live": live,
        "findings": views.findings(found, shown.name),
        "examples": views.example_lines(tried.examples.results) if tried and tried.examples else [],
        "summary": shown.said[1] if not tried else views.summary(tried, words),
        "seen": views.seen(live, words) if live else "",
        "cost": views.cost(live, words) if live else "",
        "weeks": views.weeks_drawn(live.weeks, words, compared=bool(live.old_hits)) if live else None,
        "labels": _labels(tried, ask.language) if tried and tried.labels else [],
        "changes": views.change_lines(tried.change.changes) if tried and tried.change else [],
        "arrows": views.ARROWS,
        "decimal": lambda value, places=1: views.decimal(value, ask.language, places),
    }


def _labels(tried: Tried, language: str) -> list[tuple[str, str, str]]:
    """(which, precision, recall) of the saved rule and the draft."""
    effect = tried.labels
    if effect is None or not effect.articles:
        return []
    rows = [("workbench.label_draft", *views.tally_rows(effect.draft, language))]
    return ([("workbench.label_saved", *views.tally_rows(effect.saved, language))] if effect.saved else []) + rows
