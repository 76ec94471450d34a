"""Composes an edition from stories, rules' words and verbatim sentences; it calls nobody, and equal inputs give equal editions."""

from __future__ import annotations

from monitor.digests.furniture import coverage, note, permalink, watch_list, without_empty
from monitor.digests.inputs import EditionInputs
from monitor.digests.item import Composed, compose_item
from monitor.digests.scope import Scope, scope_of
from monitor.digests.select import Chosen, select
from monitor.digests.sentences import Told
from monitor.digests.status import judge_section, told_elsewhere
from monitor.model.digest import Section
from monitor.model.edition import Edition, EditionSection
from monitor.text.locale import week_line


def compose_edition(inputs: EditionInputs, language: str) -> Edition:
    """The edition in one language: every sentence is a source's, cited, or the analyst's own, marked.

    Args:
        inputs: Everything it rests on.
        language: ISO 639-1; sentences in it are preferred, others are printed as they stand and marked.
    """
    scope = scope_of(inputs, language)
    chosen = select(inputs, language)
    sections: list[EditionSection] = []
    told: list[Told] = []
    used: frozenset[str] = frozenset()
    for section in inputs.digest.sections:
        made, composed = compose_section(section, chosen[section.id], scope, used)
        used = used.union(*(item.said_once for item in composed))
        sections.append(made)
        told += (one for item in composed for one in item.told)
    digest, window = inputs.digest, inputs.window
    title = digest.title.get(language) or next(iter(digest.title.values()), digest.id)
    line = week_line(window.first_day, window.last_day, language)
    return Edition(
        digest=digest.id,
        title=title,
        language=language,
        window=window,
        key=inputs.key,
        due_at=inputs.due_at,
        number=inputs.number,
        week_line=line,
        sections=tuple(sections),
        watch=watch_list(told, scope),
        coverage=coverage(scope),
        promise=digest.promise.get(language, ""),
        permalink=permalink(scope),
        ruleset=inputs.ruleset,
        subject=f"{title}: {line}",
    )


def compose_section(
    section: Section, chosen: Chosen, scope: Scope, used: frozenset[str] = frozenset()
) -> tuple[EditionSection, list[Composed]]:
    """One section and its items; a story that no sentence can tell becomes a note. `used` is what was said before and is said once."""
    composed, noted = [], []
    for ranked in chosen.items:
        made = compose_item(ranked, scope, used)
        if made:
            composed.append(made)
            used |= made.said_once
        else:
            noted.append(note(ranked, scope))
    noted += (note(ranked, scope) for ranked in chosen.notes)
    threshold = scope.inputs.digest.status_threshold
    elsewhere = () if composed or noted else tuple(_title(other, scope) for other in chosen.elsewhere)
    judged = judge_section([made.judged for made in composed], threshold, scope.language)
    if elsewhere:
        judged = told_elsewhere(elsewhere, threshold, scope.language)
    made_section = EditionSection(
        id=section.id,
        title=_title(section.id, scope),
        status=judged.status,
        glance=judged.glance,
        items=tuple(made.item for made in composed),
        notes=without_empty(noted),
        history=scope.inputs.history.get(section.id, ()),
        past=scope.inputs.past.get(section.id, ()),
        elsewhere=elsewhere,
    )
    return made_section, composed


def _title(section_id: str, scope: Scope) -> str:
    """A section's title in the edition's language, else in any."""
    section = next(one for one in scope.inputs.digest.sections if one.id == section_id)
    return section.title.get(scope.language) or next(iter(section.title.values()), section.id)
