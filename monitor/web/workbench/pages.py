"""The addresses of the workbench. Without a workbench each of them is an address that is not there, whatever is asked of it."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.web.workbench import history, listing, login, preview, rule_page, saving, teaching
from monitor.web.workbench.asking import LOGIN, RULES, Endpoint, acting, bench_of, reading
from monitor.web.workbench.assets import asset

_RULE = f"{RULES}{{name:path}}/"
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def _at(path: str, get: Endpoint | None = None, post: Endpoint | None = None) -> Route:
    """One address: 405 is told only where there is a workbench."""
    endpoints = {"GET": get, "HEAD": get, "POST": post}
    allowed = ", ".join(method for method, endpoint in endpoints.items() if endpoint)

    async def endpoint(request: Request) -> Response:
        bench_of(request)
        chosen = endpoints.get(request.method)
        if chosen is None:
            raise HTTPException(405, headers={"Allow": allowed})
        return await chosen(request)

    return Route(path, endpoint, methods=_METHODS)


ROUTES = (
    _at("/desk/", login.door),
    _at("/desk/static/{name}", asset),
    _at(LOGIN, login.login_page, login.login),
    _at("/desk/logout/", post=acting(login.logout)),
    _at(listing.NEW, reading(listing.new_page), acting(listing.make_new)),
    _at(RULES, reading(listing.rules)),
    _at(f"{_RULE}try", post=acting(rule_page.try_it)),
    _at(f"{_RULE}save", post=acting(saving.save)),
    _at(f"{_RULE}mark", post=acting(teaching.mark)),
    _at(f"{_RULE}example", post=acting(teaching.example)),
    _at(f"{_RULE}exception", post=acting(teaching.exception)),
    _at(f"{_RULE}preview", post=acting(preview.preview)),
    _at(f"{_RULE}download", post=acting(listing.download)),
    _at(f"{_RULE}restore", post=acting(history.restore)),
    _at(f"{_RULE}delete", post=acting(saving.delete)),
    _at(f"{_RULE}delete/", reading(saving.confirm_delete)),
    _at(f"{_RULE}history/", reading(history.history)),
    _at(f"{_RULE}history/{{version}}/", reading(history.version_page)),
    # last: a path takes all that is left
    _at(_RULE, reading(rule_page.page)),
)
