"""All promises of `promises.Store` together, on one engine."""

from __future__ import annotations

from monitor.store.answers import AnswerKeeper
from monitor.store.articles import ArticleKeeper
from monitor.store.bounces import BounceKeeper
from monitor.store.drafts import DraftKeeper
from monitor.store.editions import EditionKeeper
from monitor.store.editors import EditorKeeper
from monitor.store.feeds import FeedKeeper
from monitor.store.hooks import HookKeeper
from monitor.store.marks import MarkKeeper
from monitor.store.outbox import OutboxKeeper
from monitor.store.paces import PaceKeeper
from monitor.store.printed import PrintedKeeper
from monitor.store.sendings import SendingKeeper
from monitor.store.service import ServiceKeeper
from monitor.store.subscribers import SubscriberKeeper
from monitor.store.suppressions import SuppressionKeeper
from monitor.store.threads import ThreadKeeper


class SqlStore(
    FeedKeeper,
    ArticleKeeper,
    EditionKeeper,
    PrintedKeeper,
    DraftKeeper,
    OutboxKeeper,
    SendingKeeper,
    SubscriberKeeper,
    SuppressionKeeper,
    MarkKeeper,
    ThreadKeeper,
    AnswerKeeper,
    PaceKeeper,
    EditorKeeper,
    BounceKeeper,
    HookKeeper,
    ServiceKeeper,
):
    """`promises.Store` on SQLite or PostgreSQL. Made by `open_store`."""
