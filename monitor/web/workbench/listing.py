"""The list of rules, a new one from a template, and a rule's text to take along."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import RedirectResponse, Response

from monitor.model.errors import WorldFailed
from monitor.rules.reading import LANGUAGES
from monitor.rules.template import draft_rule
from monitor.trials.overview import Overview, overview
from monitor.trials.rule_files import FileChanged
from monitor.web.workbench import views
from monitor.web.workbench.asking import RULES, Ask
from monitor.web.workbench.rule_page import file_of, posted
from monitor.web.workbench.saving import Refused, put
from monitor.web.workbench.showing import PRIVATE, message, show

NEW = "/desk/new/"
USUAL_LANGUAGES = ("en", "ru", "be")


def rules(ask: Ask) -> Response:
    """Every rule file with what it found of late, what is wrong with it, and what labels say of it."""
    bench, site = ask.bench, ask.request.app.state.site
    files = tuple(bench.rules.files())
    try:
        found = overview(bench.rules.folder, files, bench.saved.check(bench.rules.folder), ask.store, site.clock())
    except WorldFailed as error:
        return message(ask.request, 503, "workbench.failed", reason=str(error))
    gone = [one for one in ask.store.last_rule_versions() if one.file not in files and one.file not in bench.rules.references()]
    deleted = ask.request.query_params.get("deleted", "")
    return show(
        ask.request,
        "rules.html",
        editor=ask.editor,
        title=ask.words.say("workbench.rules"),
        rows=_rows(ask, found),
        weeks=len(found.weeks),
        references=[(name, ask.to(f"{RULES}{name}/")) for name in bench.rules.references()],
        others=views.findings(found.others, ""),
        gone=[(one, ask.to(f"{RULES}{one.file}/history/")) for one in gone],
        deleted=Path(deleted).stem if any(one.file == deleted for one in gone) else "",
        may_save=bench.may_save,
        new=ask.to(NEW),
    )


def _rows(ask: Ask, found: Overview) -> list[dict[str, object]]:
    return [
        {
            "file": row.file,
            "id": Path(row.file).stem,
            "address": ask.to(f"{RULES}{row.file}/"),
            "title": row.rule.header.title if row.rule else "",
            "status": row.rule.header.status.value if row.rule else "",
            "version": row.rule.version if row.rule else "",
            "errors": row.errors,
            "warnings": row.warnings,
            "drawing": views.weeks_of_row(row.weeks, found.weeks, ask.words),
            "total": sum(row.weeks),
            "labels": views.tally_rows(row.labels, ask.language) if row.labels else None,
        }
        for row in found.rows
    ]


def new_page(ask: Ask) -> Response:
    """The form for a new rule."""
    return _new(ask)


def make_new(ask: Ask) -> Response:
    """Write the draft of a rule, with words to replace, and open it; a file that is there already stays as it is."""
    if not ask.bench.may_save:
        return message(ask.request, 403, "workbench.read_only")
    rule, title, topic = (" ".join(ask.form.get(field, "").split())[:100] for field in ("id", "title", "topic"))
    langs = tuple(dict.fromkeys(ask.form.get("langs", "").replace(",", " ").split())) or USUAL_LANGUAGES
    name = ask.bench.rules.name_for(rule, topic)
    strange = [one for one in langs if one not in LANGUAGES]
    if name is None or strange:
        wrong = "workbench.strange_languages" if strange else "workbench.strange_id"
        return _new(ask, ask.words.say(wrong, langs=", ".join(strange)), 422)
    schema = "../" * name.count("/") + "schema/rule.json"
    today = ask.request.app.state.site.clock().date()
    text = draft_rule(rule, title or rule.replace("-", " ").capitalize(), ask.editor.name, langs, today, schema)
    try:
        version = put(ask, name, text, "", ask.words.say("workbench.new_why"))
    except Refused as error:
        return _new(ask, "; ".join(str(one) for one in error.problems), 422)
    except FileChanged:
        return _new(ask, ask.words.say("workbench.strange_id"), 409)
    except WorldFailed as error:
        return message(ask.request, 503, "workbench.failed", reason=str(error))
    return RedirectResponse(ask.to(f"{RULES}{name}/", saved=str(version)), 303)


def _new(ask: Ask, wrong: str = "", status: int = 200) -> Response:
    return show(
        ask.request,
        "new.html",
        status=status,
        editor=ask.editor,
        title=ask.words.say("workbench.new"),
        wrong=wrong,
        given={field: ask.form.get(field, "") for field in ("id", "title", "topic", "langs")},
        langs=" ".join(USUAL_LANGUAGES),
        topics=ask.bench.rules.topics(),
        action=ask.to(NEW),
        back=ask.to(RULES),
        may_save=ask.bench.may_save,
    )


def download(ask: Ask) -> Response:
    """The text of the editor as a file to put into the folder of rules by hand."""
    kept = file_of(ask)
    text, _, _ = posted(ask)
    name = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in Path(kept.name).name
    )
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(text.encode("utf-8", "replace"), media_type="application/yaml", headers=headers)
