"""The versions of a rule file: who left which, when and why, what differs, and the way back to any of them."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from monitor.model.editor import RuleVersion
from monitor.model.errors import WorldFailed
from monitor.trials.rule_files import FileChanged
from monitor.web.workbench import views
from monitor.web.workbench.asking import RULES, Ask
from monitor.web.workbench.rule_page import name_of
from monitor.web.workbench.saving import Refused, put, unified
from monitor.web.workbench.showing import message, show


def history(ask: Ask) -> Response:
    """Every version of a file that the desk knows, newest first; also of a file that is no longer there."""
    name = name_of(ask)
    kept, versions = ask.bench.rules.read(name), ask.store.rule_versions(name)
    if kept is None and not versions:
        raise HTTPException(404)
    newest = versions[0].content if versions else None
    here = f"{RULES}{name}/"
    return show(
        ask.request,
        "history.html",
        editor=ask.editor,
        title=ask.words.say("workbench.history_title", rule=Path(name).stem),
        rule=Path(name).stem,
        file=name,
        versions=versions,
        there=kept is not None,
        outside=bool(versions) and (kept.text if kept else None) != newest,
        base=kept.digest if kept else "",
        may_save=ask.bench.may_save,
        back=ask.to(here),
        address=lambda version: ask.to(f"{here}history/{version}/"),
        restore=ask.to(f"{here}restore"),
    )


def version_page(ask: Ask) -> Response:
    """One version: what it changed, and what would change by going back to it."""
    version = _version(ask, str(ask.request.path_params["version"]))
    kept = ask.bench.rules.read(version.file)
    earlier = next((one for one in ask.store.rule_versions(version.file) if one.id < version.id), None)
    words, here = ask.words, f"{RULES}{version.file}/"
    label = words.say("workbench.version", version=version.id)
    before = words.say("workbench.version", version=earlier.id) if earlier else words.say("workbench.nothing")
    current, now = words.say("workbench.current"), kept.text if kept else ""
    return show(
        ask.request,
        "version.html",
        editor=ask.editor,
        title=f"{Path(version.file).stem}: {label}",
        rule=Path(version.file).stem,
        version=version,
        changed=unified((earlier.content or "") if earlier else "", version.content or "", before, label),
        back_to=unified(now, version.content or "", current, label),
        base=kept.digest if kept else "",
        may_save=ask.bench.may_save and version.content is not None,
        same=kept is not None and kept.text == version.content,
        back=ask.to(f"{here}history/"),
        restore=ask.to(f"{here}restore"),
    )


def restore(ask: Ask) -> Response:
    """Put a version back in force, checked as any other text; what was there is kept as a version too."""
    if not ask.bench.may_save:
        return message(ask.request, 403, "workbench.read_only")
    version = _version(ask, ask.form.get("version", ""))
    if version.content is None:
        raise HTTPException(404)
    why = ask.words.say("workbench.restored_why", version=version.id)
    try:
        made = put(ask, version.file, version.content, ask.form.get("base", ""), why)
    except Refused as error:
        return show(
            ask.request,
            "refused.html",
            status=422,
            editor=ask.editor,
            title=ask.words.say("workbench.not_restored"),
            wrong=views.findings(error.problems, version.file),
            back=ask.to(f"{RULES}{version.file}/history/"),
        )
    except FileChanged:
        return message(ask.request, 409, "workbench.conflict_short")
    except WorldFailed as error:
        return message(ask.request, 503, "workbench.failed", reason=str(error))
    return RedirectResponse(ask.to(f"{RULES}{version.file}/", **({"saved": str(made)} if made else {})), 303)


def _version(ask: Ask, number: str) -> RuleVersion:
    """The version of the file that the address names, by its number.

    Raises:
        HTTPException: 404 where the number is none, or that of another file.
    """
    version = ask.store.rule_version(int(number)) if number.isdecimal() and len(number) < 16 else None
    if version is None or version.file != name_of(ask):
        raise HTTPException(404)
    return version
