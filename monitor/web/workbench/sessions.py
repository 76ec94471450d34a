"""Who is at the workbench: logins that a signed cookie points to, or the name that a trusted proxy gives. It shows no page.

A login is bound to the password it was made with: another password, or another list of editors, ends it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import Response

from monitor.model.editor import EditorSession
from monitor.store.promises import Store
from monitor.web.visitor import Network
from monitor.web.workbench.bench import Workbench

COOKIE = "desk"
IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
_MOST_NAME = 64


@dataclass(frozen=True, slots=True)
class Editor:
    """Who is asking. `csrf` is what their forms carry; `session` is the id of their login, "" where a proxy vouches for them."""

    name: str
    csrf: str
    session: str = ""


def editor_of(request: Request, bench: Workbench) -> Editor | None:
    """Who is asking, None for nobody known. A login that was idle for `IDLE`, or is `LONGEST` old, is over."""
    site = request.app.state.site
    name = _named_by_proxy(request, bench, site.trusted_proxies)
    if name:
        return Editor(name, _signed(bench, "csrf-proxy", name))
    held = _held(request, bench)
    if held is None:
        return None
    name, key = held
    session: EditorSession | None = site.store.session(_stored(key))
    now: datetime = site.clock()
    if session is None or session.name != name or now - session.made_at >= LONGEST or now - session.seen_at >= IDLE:
        return None
    if now - session.seen_at >= SEEN_EVERY:
        site.store.touch_session(session.id, now)
    return Editor(name, _signed(bench, "csrf", key), session.id)


def log_in(store: Store, bench: Workbench, name: str, now: datetime) -> str:
    """Make a login under a key that nobody has seen; returns the value of its cookie. Those that are over are forgotten."""
    key = secrets.token_urlsafe(32)
    store.forget_sessions(made_before=now - LONGEST, seen_before=now - IDLE)
    store.open_session(EditorSession(_stored(key), name, now, now))
    coded = base64.urlsafe_b64encode(name.encode()).rstrip(b"=").decode()
    return f"{key}.{coded}.{_signed(bench, 'session', key, name, bench.editors[name])}"


def set_cookie(response: Response, bench: Workbench, value: str) -> None:
    """Have the browser keep a login, for this site's own pages alone and out of reach of scripts; "" has it dropped."""
    age = int(LONGEST.total_seconds()) if value else 0
    response.set_cookie(COOKIE, value, max_age=age, path="/desk/", secure=bench.https, httponly=True, samesite="strict")


def is_csrf(editor: Editor, given: str) -> bool:
    """Whether a form was made for this editor and login."""
    return hmac.compare_digest(editor.csrf.encode(), given.encode())


def _named_by_proxy(request: Request, bench: Workbench, trusted: tuple[Network, ...]) -> str:
    """The name that the proxy at the other end of the connection gives, "" where none does or it is not trusted."""
    given = request.headers.getlist(bench.proxy_header) if bench.proxy_header else []
    peer = request.client.host if request.client else ""
    try:
        here = ip_address(peer)
    except ValueError:
        return ""
    here = getattr(here, "ipv4_mapped", None) or here
    name = given[0].strip() if len(given) == 1 else ""
    usual = 0 < len(name) <= _MOST_NAME and name.isprintable()
    return name if usual and any(here in network for network in trusted) else ""


def _held(request: Request, bench: Workbench) -> tuple[str, str] | None:
    """(name, key) of the cookie, None where it is none of ours or the editor's password is another by now."""
    parts = request.cookies.get(COOKIE, "").split(".")
    if len(parts) != 3:
        return None
    key, coded, signature = parts
    try:
        name = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except ValueError:
        return None
    wanted = _signed(bench, "session", key, name, bench.editors.get(name, ""))
    return (name, key) if name in bench.editors and hmac.compare_digest(wanted.encode(), signature.encode()) else None


def _stored(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _signed(bench: Workbench, purpose: str, *parts: str) -> str:
    message = "\x1f".join(("workbench", purpose, *parts)).encode()
    return hmac.new(bench.secret, message, hashlib.sha256).hexdigest()[:40]
