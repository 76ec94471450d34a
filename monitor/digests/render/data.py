"""An edition as JSON: everything it says, with every citation and reason, under the names that other programs rely on.

Texts are verbatim here: what a renderer for people cleans or folds is whole in this form.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.model.aid import Translation
from monitor.model.digest import Window
from monitor.model.edition import (
    Citation,
    CopyFold,
    CountedCue,
    Coverage,
    Edition,
    EditionSection,
    Item,
    Note,
    OneSided,
    Role,
    Sentence,
    SimilarStory,
    SourceRef,
    Status,
)

Json = dict[str, Any]


def edition_json(edition: Edition) -> Json:
    """The edition as plain data for `json.dumps`: window, sections → items → status with cues, sentences, sources, coverage.

    Each sentence has `text, role, date, article, url, span, source, stance`; `date` is the day it speaks of, else the day its
    article was published; the last five are null where the words are the rule's own. Dates are ISO 8601, moments in UTC.
    """
    return (
        {
            "digest": edition.digest,
            "title": edition.title,
            "language": edition.language,
            "key": edition.key.isoformat(),
            "number": edition.number,
            "due_at": _moment(edition.due_at),
            "window": _window(edition.window, edition.week_line),
            "sections": [_section(section) for section in edition.sections],
            "watch": [{"date": watch.day.isoformat(), "sentence": _sentence(watch.sentence)} for watch in edition.watch],
            "coverage": _coverage(edition.coverage),
            "promise": edition.promise,
            "subject": edition.subject,
            "permalink": edition.permalink,
            "ruleset": edition.ruleset,
            "omitted": edition.omitted,
        }
        | _desk(edition)
        | _aids(edition)
    )


def _aids(edition: Edition) -> Json:
    """What translator and writer did; nothing of it where neither was asked."""
    aids = [
        {"kind": aid.kind.value, "engine": aid.engine, "done": aid.done, "refused": aid.refused, "failure": aid.failure or None}
        for aid in edition.aids
    ]
    return {"aids": aids} if aids else {}


def _translation(translation: Translation | None, key: str = "translation") -> Json:
    return {key: {"text": translation.text, "engine": translation.engine}} if translation else {}


def _lent(sentence: Sentence) -> Json:
    """A machine translation, a language model's phrasing and its connecting word; nothing where there is none."""
    phrased: Json = {}
    if sentence.phrasing:
        rests_on = [_citation(citation) for citation in sentence.rests_on]
        phrased = {"phrased": {"writer": sentence.phrasing.writer, "cites": list(sentence.phrasing.cites), "rests_on": rests_on}}
    transition = {"transition": sentence.transition} if sentence.transition else {}
    return _translation(sentence.translation) | phrased | transition


def _rejected(item: Item) -> Json:
    """What a language model wrote and the verifier threw out, with the reasons."""
    rejected = [{"text": one.text, "cites": list(one.cites), "reason": one.reason} for one in item.rejected]
    return {"rejected": rejected} if rejected else {}


def _desk(edition: Edition) -> Json:
    """What the desk said and corrected; nothing of it where it did not."""
    corrections = [{"revision": one.revision, "at": _moment(one.at), "text": one.text} for one in edition.corrections]
    said: Json = {"note": edition.note} if edition.note else {}
    return said | ({"revision": edition.corrections[-1].revision, "corrections": corrections} if corrections else {})


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _window(window: Window, line: str) -> Json:
    return {
        "start": _moment(window.start),
        "end": _moment(window.end),
        "week": window.week,
        "first_day": window.first_day.isoformat(),
        "last_day": window.last_day.isoformat(),
        "line": line,
        "weeks": window.weeks,
        "by_publication": window.by_publication,
    }


def _section(section: EditionSection) -> Json:
    return {
        "id": section.id,
        "title": section.title,
        "status": _status(section.status),
        "glance": section.glance,
        "items": [_item(item) for item in section.items],
        "notes": [_note(note) for note in section.notes],
        "history": list(section.history),
        "history_status": [verdict.value if verdict else None for verdict in section.past],
        "elsewhere": list(section.elsewhere),
        "omitted": section.omitted,
    }


def _item(item: Item) -> Json:
    return {
        "id": item.id,
        "story": item.story,
        "rules": list(item.rules),
        "headline": item.headline,
        "headline_from": item.headline_from,
        "headline_language": item.headline_language,
        "status": _status(item.status),
        "thesis": " ".join(sentence.text for sentence in item.sentences if sentence.role is Role.THESIS),
        "sentences": [
            _sentence(sentence) | {"paragraph": number}
            for number, paragraph in enumerate(item.paragraphs)
            for sentence in paragraph
        ],
        "sources": [_citation(citation) for citation in item.sources],
        "copies": [_fold(fold) for fold in item.copies],
        "one_sided": [_one_sided(told) for told in item.one_sided],
        "similar": [_similar(story) for story in item.similar],
        "matched": list(item.matched),
        "score": item.score,
    } | (_translation(item.headline_translation, "headline_translation") | _rejected(item))


def _status(status: Status) -> Json:
    return {
        "verdict": status.verdict.value,
        "reason": status.reason,
        "balance": status.balance,
        "threshold": status.threshold,
        "independent_sources": status.independent_sources,
        "override": status.override,
        "cues": [_cue(cue) for cue in status.cues],
    }


def _cue(cue: CountedCue) -> Json:
    return {
        "rule": cue.rule,
        "text": cue.text,
        "score": cue.score,
        "plover": cue.plover,
        "sentence": cue.sentence,
        "counted": cue.counted,
        "why_not": cue.why_not,
    } | _citation(cue.citation)


def _sentence(sentence: Sentence) -> Json:
    first = sentence.citations[0] if sentence.citations else None
    day = sentence.day or (first.published.date() if first else None)
    return (
        {
            "text": sentence.text,
            "role": sentence.role.value,
            "date": day.isoformat() if day else None,
            "date_end": sentence.day_end.isoformat() if sentence.day_end else None,
            "date_from": sentence.day_from,
            "language": sentence.language,
            "speaker": sentence.speaker,
            "own": sentence.own,
            "article": first.article if first else None,
            "url": first.url if first else None,
            "span": [first.start, first.end] if first else None,
            "source": first.source.name if first else None,
            "stance": first.source.stance.value if first else None,
            "field": first.field if first else None,
            "published": _moment(first.published) if first else None,
            "also": [_citation(citation) for citation in sentence.citations[1:]],
            "score": sentence.score,
        }
        | _lent(sentence)
        | ({"by": sentence.by} if sentence.by else {})
    )


def _citation(citation: Citation) -> Json:
    return {
        "article": citation.article,
        "url": citation.url,
        "title": citation.title,
        "field": citation.field,
        "span": [citation.start, citation.end],
        "published": _moment(citation.published),
    } | _source(citation.source)


def _source(source: SourceRef) -> Json:
    return {
        "source": source.name,
        "feed": source.feed,
        "stance": source.stance.value,
        "language": source.language,
        "country": source.country,
        "of_record": source.of_record,
    }


def _fold(fold: CopyFold) -> Json:
    return {
        "lead": _citation(fold.lead),
        "others": [_citation(other) for other in fold.others],
        "origin": fold.origin,
        "translations": [_citation(other) for other in fold.translations],
    }


def _one_sided(told: OneSided) -> Json:
    return {"stance": told.stance.value, "sentence": _sentence(told.sentence)}


def _similar(story: SimilarStory) -> Json:
    return {
        "story": story.story,
        "title": story.title,
        "url": story.url,
        "published": _moment(story.published),
        "source": story.source,
        "language": story.language,
        "week": story.week,
        "item": story.item,
    } | _translation(story.translation)


def _note(note: Note) -> Json:
    return {
        "story": note.story,
        "title": note.title,
        "url": note.url,
        "published": _moment(note.published),
        "more_sources": note.more_sources,
    } | (_source(note.source) | {"language": note.language} | _translation(note.translation))


def _coverage(coverage: Coverage) -> Json:
    return {
        "feeds_polled": coverage.feeds_polled,
        "articles_read": coverage.articles_read,
        "articles_matched": coverage.articles_matched,
        "copies_folded": coverage.copies_folded,
        "stories": coverage.stories,
        "without_text": coverage.without_text,
        "by_language": _counts(coverage.by_language),
        "by_stance": _counts(coverage.by_stance),
        "failed": [
            {"feed": lost.feed, "name": lost.name, "reason": lost.reason, "since": _moment(lost.since) if lost.since else None}
            for lost in coverage.failed
        ],
    }


def _counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Largest first, then by name: the same bytes whatever order the counting came in."""
    return dict(sorted(((str(key), value) for key, value in counts.items()), key=lambda pair: (-pair[1], pair[0])))
