"""Weighs a section anew from the statuses of its items: after the desk has removed one, the section must not argue with it."""

from __future__ import annotations

from dataclasses import replace

from monitor.digests import phrases
from monitor.digests.desk.by_hand import weighed
from monitor.digests.phrases import Ground
from monitor.digests.status import INDEPENDENT_SOURCES, Judged, judge_section
from monitor.model.edition import EditionSection, Status, Verdict


def judge_again(section: EditionSection, language: str) -> EditionSection:
    """The section with the status and the words at a glance that its present items come to."""
    items = [_judged(weighed(item.status), language) for item in section.items]
    judged = judge_section(items, section.status.threshold, language)
    return replace(section, status=judged.status, glance=judged.glance)


def _judged(status: Status, language: str) -> Judged:
    """A status with its ground, which follows from its figures (see `digests.status`)."""
    counted = [cue for cue in status.cues if cue.counted]
    if status.verdict is not Verdict.UNCHANGED:
        ground = Ground.CARRIED if status.independent_sources >= INDEPENDENT_SOURCES else Ground.OF_RECORD
        return Judged(status, ground, "")
    if not counted:
        ground = Ground.SILENT
    elif abs(status.balance) < status.threshold:
        mixed = any(cue.score > 0 for cue in counted) and any(cue.score < 0 for cue in counted)
        ground = Ground.CANCELLED if mixed or not status.balance else Ground.WEAK
    else:
        ground = Ground.ALONE
    direction = ".better" if status.balance > 0 else ".worse"
    return Judged(
        status, ground, phrases.glance(ground.value + (direction if ground in (Ground.WEAK, Ground.ALONE) else ""), language)
    )
