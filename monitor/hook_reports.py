"""What mail providers report by HTTP: kept whole before it is answered, worked off afterwards by the rules that hold for bounces.

Who is stopped in between works the same request off again; each event counts once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.delivery.hooks.events import HookEvent, read_events
from monitor.delivery.hooks.json_paths import parsed
from monitor.model.hook import Hook, HookBody
from monitor.returned_mail import Returns, Sighting, deal
from monitor.store.promises import Store

AT_ONCE = 200
"""Requests worked off in one pass; the rest waits for the next."""
SOURCE = "hook:"
"""Begins the source of a report that came this way; the provider's name follows."""


@dataclass(frozen=True, slots=True)
class Hooked:
    """A provider's mapping, and the secret that it and we know."""

    hook: Hook
    secret: str = field(repr=False)


def keep_request(store: Store, hook: Hook, body: bytes, events: tuple[HookEvent, ...], now: datetime) -> bool:
    """Keep a request that was proved, where any of its events is to be kept; False where there is none, or it waits already.

    Raises:
        StoreFailed: It is not kept; the provider shall send it again.
    """
    if not any(event.kept for event in events):
        return False
    key = hashlib.sha256(hook.name.encode() + b"\x1f" + body).hexdigest()[:32]
    return store.keep_hook(HookBody(key, hook.name, body), now)


def work_off(returns: Returns, hooks: Mapping[str, Hooked], at_once: int = AT_ONCE) -> int:
    """Deal with what providers reported, the oldest first; how many requests.

    Raises:
        StoreFailed: What is left stays, and is worked off the next time.
    """
    waiting = returns.store.waiting_hooks(at_once)
    for request in waiting:
        for event in _events(returns, hooks, request):
            if event.kept:
                deal(returns, Sighting(event.report, event.key, event.raw, SOURCE + request.hook, event.at))
        returns.store.drop_hook(request.key)
    return len(waiting)


def _events(returns: Returns, hooks: Mapping[str, Hooked], request: HookBody) -> tuple[HookEvent, ...]:
    """The events of a request; none, with an alarm, where its mapping went, or was changed, after the answer."""
    try:
        return read_events(hooks[request.hook].hook, parsed(request.body))
    except (KeyError, ValueError):
        returns.alarm("", f"a request of {request.hook} was answered and cannot be read any more: its mapping was changed")
        return ()
