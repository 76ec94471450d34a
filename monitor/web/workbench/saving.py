"""Saving rules: the whole set is read first, the file is written whole, every version is kept, and nobody's work is written over.

What is wrong in other files keeps a draft from being saved only where the draft made it so: two broken files can be mended one by one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from starlette.responses import RedirectResponse, Response

from monitor.logs import log
from monitor.model.editor import RuleVersion
from monitor.model.errors import WorldFailed
from monitor.model.problem import Problem, Severity
from monitor.rules.schema import RuleCheck
from monitor.trials.drafts import MOST_BYTES, check_with
from monitor.trials.rule_files import FileChanged, Kept
from monitor.web.workbench import views
from monitor.web.workbench.asking import RULES, Ask
from monitor.web.workbench.rule_page import Sheet, file_of, name_of, posted, rule_file_of, sheet
from monitor.web.workbench.showing import message, show

MOST_WHY = 300


class Refused(Exception):
    """The rules would be wrong; `problems` tells all that is."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("the rules would be wrong")


def save(ask: Ask) -> Response:
    """Save the text of the editor, or show why not beside it: what is wrong, or what somebody else saved meanwhile."""
    name, (text, base, days), why = name_of(ask), posted(ask), _why(ask)
    if not ask.bench.may_save:
        return message(ask.request, 403, "workbench.read_only")
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return message(ask.request, 413, "workbench.too_long")
    kept = file_of(ask)
    draft = Sheet(name, text, base, days, why=why)
    try:
        version = put(ask, name, text, base, why)
    except Refused as error:
        found = views.findings(error.problems, name)
        said = "bad", ask.words.say("workbench.not_saved")
        return sheet(ask, Sheet(name, text, base, days, said=said, wrong=found, why=why, status=422))
    except FileChanged as error:
        return _conflict(ask, draft, error.now)
    except WorldFailed as error:
        return sheet(ask, Sheet(name, text, kept.digest, days, said=("bad", str(error)), why=why, status=503))
    return RedirectResponse(ask.to(f"{RULES}{name}/", **({"saved": str(version)} if version else {})), 303)


def put(ask: Ask, name: str, text: str, base: str, why: str) -> int:
    """Check and write one file; returns the number of its version, 0 where there was nothing to change.

    Raises:
        Refused: The rules would be wrong; nothing was written.
        FileChanged: The file is no longer the one with the digest `base`; nothing was written.
        WorldFailed: It cannot be written.
    """
    bench = ask.bench
    with bench.saving:
        _refuse_wrong(ask, check_with(bench.rules.folder, {name: text}), name)
        before = bench.rules.read(name)
        if before and before.digest == base and before.text == text:
            return 0
        bench.rules.write(name, text, base)
        version = _keep(ask, name, before, text, why)
    log("rule_saved", editor=ask.editor.name, rule=Path(name).stem, file=name, version=version, why=why)
    bench.reload()
    return version


def take_away(ask: Ask, name: str, base: str, why: str) -> int:
    """Check what would be left and delete one file; returns the number of the version that says so.

    Raises:
        Refused: What is left would be wrong; nothing was deleted.
        FileChanged: The file is no longer the one with the digest `base`; nothing was deleted.
        WorldFailed: It cannot be deleted.
    """
    bench = ask.bench
    with bench.saving:
        _refuse_wrong(ask, check_with(bench.rules.folder, {name: None}), name)
        before = bench.rules.read(name)
        bench.rules.take_away(name, base)
        version = _keep(ask, name, before, None, why)
    log("rule_deleted", editor=ask.editor.name, rule=Path(name).stem, file=name, version=version, why=why)
    bench.reload()
    return version


def _refuse_wrong(ask: Ask, after: RuleCheck, name: str) -> None:
    """Refuse what is wrong in the file itself, and what is wrong elsewhere and was not before.

    Raises:
        Refused: There is any; it holds the warnings too, as far as they are the file's.
    """
    before = ask.bench.saved.check(ask.bench.rules.folder)
    was = {(one.place.file, one.code, one.message) for one in _errors(before.problems) if one.place.file != name}
    wrong = [one for one in _errors(after.problems) if (one.place.file, one.code, one.message) not in was]
    ids, ids_before = ({rule.id for rule in check.ruleset.rules} if check.ruleset else None for check in (after, before))
    if ids is not None:
        digests = {str(one) for one in ask.bench.digest_problems(ids_before)} if ids_before is not None else set()
        wrong += [one for one in _errors(ask.bench.digest_problems(ids)) if str(one) not in digests]
    if wrong:
        raise Refused([*wrong, *(one for one in after.problems if one.place.file == name and one.severity is not Severity.ERROR)])


def _errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def _keep(ask: Ask, name: str, before: Kept | None, text: str | None, why: str) -> int:
    """Keep what was found, where it was not left there by the workbench, and what is there now."""
    last = next(iter(ask.store.rule_versions(name, 1)), None)
    found = (
        [RuleVersion(name, before.changed_at, "", "", before.text)]
        if before and (not last or last.content != before.text)
        else []
    )
    ask.store.add_rule_versions([*found, RuleVersion(name, ask.request.app.state.site.clock(), ask.editor.name, why, text)])
    return ask.store.rule_versions(name, 1)[0].id


def _conflict(ask: Ask, draft: Sheet, now: Kept | None) -> Response:
    """Both versions: the editor keeps its own, theirs stands beside it with the difference; saving once more is a decision."""
    theirs = now.text if now else ""
    difference = unified(theirs, draft.text, ask.words.say("workbench.theirs"), ask.words.say("workbench.yours"))
    return sheet(
        ask,
        Sheet(
            draft.name,
            draft.text,
            now.digest if now else "",
            draft.days,
            said=("bad", ask.words.say("workbench.conflict" if now else "workbench.conflict_gone")),
            theirs=theirs,
            difference=difference,
            why=draft.why,
            status=409,
        ),
    )


def unified(old: str, new: str, old_name: str, new_name: str) -> tuple[str, ...]:
    """Two texts as a unified difference, line by line."""
    return tuple(difflib.unified_diff(old.splitlines(), new.splitlines(), old_name, new_name, lineterm=""))


def _why(ask: Ask) -> str:
    return " ".join(ask.form.get("why", "").split())[:MOST_WHY]


def confirm_delete(ask: Ask) -> Response:
    """Ask before a rule is taken away."""
    kept = rule_file_of(ask)
    here = f"{RULES}{kept.name}/"
    return show(
        ask.request,
        "delete.html",
        editor=ask.editor,
        title=ask.words.say("workbench.delete_title", rule=Path(kept.name).stem),
        file=kept.name,
        base=kept.digest,
        action=ask.to(f"{here}delete"),
        back=ask.to(here),
        may_save=ask.bench.may_save,
        wrong=[],
    )


def delete(ask: Ask) -> Response:
    """Take a rule away; its versions stay, and it can be brought back."""
    if not ask.bench.may_save:
        return message(ask.request, 403, "workbench.read_only")
    kept = rule_file_of(ask)
    here = f"{RULES}{kept.name}/"
    try:
        take_away(ask, kept.name, ask.form.get("base", ""), _why(ask))
    except Refused as error:
        return show(
            ask.request,
            "delete.html",
            status=422,
            editor=ask.editor,
            title=ask.words.say("workbench.delete_title", rule=Path(kept.name).stem),
            file=kept.name,
            base=kept.digest,
            action=ask.to(f"{here}delete"),
            back=ask.to(here),
            may_save=True,
            wrong=views.findings(error.problems, kept.name),
        )
    except FileChanged:
        return message(ask.request, 409, "workbench.conflict_short")
    return RedirectResponse(ask.to(RULES, deleted=kept.name), 303)
