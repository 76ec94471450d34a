"""The two jobs of this program, each readable as a list. Read this file first.

poll:     feeds → fetch → parse → extract → match → fold copies → group stories      every few minutes
publish:  due? → match anew where the rules changed → gather → compose → ask translator and writer, where set → render → freeze with the outbox → archive        weekly
With a `review` the composed edition waits as a draft before it is rendered: see `desk`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from monitor import aids, archive, polling, publishing, search_index
from monitor.digests.due import Due
from monitor.model.desk import DraftState
from monitor.model.digest import Digest
from monitor.model.edition import Edition, FrozenEdition
from monitor.model.fetch import FeedPoll, PollOutcome
from monitor.parts import Parts


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one pass over the feeds came to: a line for each feed, and the stories among the matched articles of late."""

    polls: tuple[FeedPoll, ...]
    stories: int

    def count(self, outcome: PollOutcome) -> int:
        """How many feeds ended so."""
        return sum(1 for poll in self.polls if poll.outcome is outcome)

    @property
    def new_articles(self) -> int:
        """Articles stored or revised."""
        return sum(poll.new_articles for poll in self.polls)


@dataclass(frozen=True, slots=True)
class PublishReport:
    """An edition as frozen, in all languages; `fresh` is False where it stood already and nothing was done."""

    frozen: FrozenEdition
    editions: dict[str, Edition]
    folders: tuple[Path, ...]
    messages: int
    fresh: bool


def poll(parts: Parts, wanted: Sequence[str] = (), done: Callable[[FeedPoll], None] = lambda _: None) -> PollReport:
    """Look at every due feed once; hosts side by side, the feeds of one host one after the other."""
    now = parts.clock()
    due = polling.choose_due(parts, now, wanted)
    with ThreadPoolExecutor(parts.policy.pool_size, thread_name_prefix="poll") as pool:
        hosts = [pool.submit(polling.poll_host, parts, feeds, done) for feeds in due.by_host.values()]
        polls = [poll for host in hosts for poll in host.result()]
    stories = polling.tie_stories(parts, parts.clock(), fresh=any(poll.new_articles for poll in polls))
    return PollReport((*polls, *due.skipped), stories)


def compose(parts: Parts, digest: Digest, due: Due, languages: Sequence[str]) -> publishing.Composed:
    """The editions of a window, from what is stored and by the rules of now; nothing is kept."""
    polling.refresh_analyses(parts, publishing.rests_on(due.window))
    inputs = publishing.gather(parts, digest, due)
    composed = publishing.compose(inputs, languages, parts.sender)
    return replace(composed, editions=aids.lend(parts, inputs, composed.editions))


def publish(
    parts: Parts, digest: Digest, due: Due, languages: Sequence[str], out: Path, *, dry_run: bool = False
) -> PublishReport:
    """Make one edition: compose, print, freeze it with a message for each subscriber, and lay it into the archive."""
    composed = compose(parts, digest, due, languages)
    frozen = publishing.freeze(composed, frozen_at=parts.clock())
    messages = () if dry_run else publishing.address_copies(parts, frozen, digest)
    if not dry_run:
        publishing.keep_threads(parts, composed.inputs)
    fresh = dry_run or parts.store.freeze_edition(frozen, messages)
    if fresh and not dry_run:
        # kept so that a correction changes this very edition, not another one composed later
        draft = publishing.draft_of(composed.editions, digest, due, frozen.frozen_at)
        parts.store.save_draft(replace(draft, state=DraftState.OUT, goes_out_at=None), composed.editions)
    standing = frozen if fresh else parts.store.edition(digest.id, due.key) or frozen
    folders = lay_down(parts, digest, standing, out, dry_run=dry_run)
    return PublishReport(standing, dict(composed.editions), folders, len(messages) if fresh else 0, fresh)


def lay_down(parts: Parts, digest: Digest, edition: FrozenEdition, out: Path, *, dry_run: bool = False) -> tuple[Path, ...]:
    """Write an edition and the feeds of its digest into the archive folder; doing it again changes nothing."""
    samples = {language: publishing.sample_message(parts, edition, digest, language).body for language in edition.renditions}
    folders = archive.write_edition(out, edition, samples)
    for older in parts.store.revisions(digest.id, edition.key) if edition.revision > 1 else ():
        if older.revision < edition.revision:
            archive.write_revision(out, older)
    editions = list(parts.store.editions(digest.id))
    if dry_run:
        others = [other for other in editions if other.id != edition.id]
        editions = sorted([edition, *others], key=lambda one: one.window.end, reverse=True)
    archive.write_feeds(out, digest, editions, parts.sender.base_url)
    if not dry_run:
        # a process killed before this leaves the edition to `search_index.index_missing`
        search_index.index_edition(parts.store, edition)
    return tuple(folders)
