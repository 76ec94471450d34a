"""What a body is that is no feed, in words an operator can act on. Pure; it follows nothing that it finds."""

from __future__ import annotations

import re

from monitor.text.markup import Tree, head_title, link_rel, one_line, parse_html, tree_text

TINY = 100
"""A body of fewer bytes holds no feed, whatever it says: the zombie of a feed that once was."""

# What stands in pages that put themselves before the content; matched in the first part of the page, lower case.
_CHALLENGES = (
    ("Cloudflare", ("cf-chl", "challenge-platform", "cf_chl_opt", "attention required! | cloudflare")),
    ("DDoS-Guard", ("ddos-guard",)),
    ("Qrator", ("qrator", "__qrator")),
    ("Variti", ("variti",)),
    ("Incapsula", ("_incapsula_", "incapsula incident")),
    ("Akamai", ("akamai-privacy", "errors.edgesuite.net")),
    ("Amazon WAF", ("awswafcookiedomainlist", "aws-waf-token")),
    ("Sucuri", ("sucuri_cloudproxy",)),
    (
        "",
        (
            "checking your browser",
            "just a moment...",
            "enable javascript and cookies to continue",
            "g-recaptcha",
            "hcaptcha",
            "smartcaptcha",
        ),
    ),
    ("", ("verify you are human", "подтвердите, что вы не робот", "проверка браузера")),
)
_CONSENT = re.compile(
    r"consent\.(google|youtube|yahoo)|consentmanager|before you continue|didomi|onetrust|cookie[- ]?wall", re.IGNORECASE
)
_LOGIN = re.compile(r"""<input[^>]+type\s*=\s*["']?password""", re.IGNORECASE)
_LOST = re.compile(r"\b404\b|not found|page (?:does not|doesn't) exist|не найден|не знойдзен|не існу", re.IGNORECASE)
_ROOT = re.compile(r"(?:\s|<!--.*?-->|<\?.*?\?>)*<([A-Za-z_][\w:.-]*)", re.DOTALL)
_LOOKED_AT = 200_000


def not_a_feed(text: str, size: int, content_type: str = "") -> str:
    """One line on what came instead of a feed.

    Args:
        text: The decoded body.
        size: Its length in bytes.
        content_type: What the server called it.
    """
    if not text.strip():
        return "an empty body instead of a feed"
    head = text[:_LOOKED_AT]
    if "<html" in head.lower() or "<!doctype html" in head.lower() or "<body" in head.lower():
        return _page(head)
    if size < TINY:
        return f'a body of {size} bytes, too small for a feed: "{_shown(text)[:60]}"'
    kind = _shown(content_type.partition(";")[0].lower())
    called = f" (called {kind})" if kind else ""
    if head.lstrip()[:1] in {"{", "["}:
        return f"JSON that is no JSON Feed{called}"
    root = _ROOT.match(head)
    if root:
        return f"XML that is no feed{called}: its root is <{_shown(root.group(1))[:40]}>"
    return f"neither XML nor JSON{called}"


def challenge_of(text: str) -> str | None:
    """Whose challenge page this is ("" where nobody signs it), or None for another page."""
    head = text[:_LOOKED_AT].lower()
    return next((name for name, marks in _CHALLENGES if any(mark in head for mark in marks)), None)


def _page(html: str) -> str:
    """What kind of HTML page stands where a feed should."""
    tree = parse_html(html)
    obstacle = obstacle_of(html, tree)
    if obstacle:
        return f"{obstacle[0]} instead of a feed{obstacle[1]}"
    feeds = [link for link in link_rel(tree, "alternate") if re.search(r"rss|atom|feed\+json", link.get("type", ""))]
    hint = "; it names a feed: try `monitor feeds add` with its address" if feeds else ""
    return f"an HTML page instead of a feed{title_words(tree)}{hint}"


def obstacle_of(html: str, tree: Tree) -> tuple[str, str] | None:
    """What stands before the content of a page, and its title in brackets; None for a page that gives what it has.

    The order goes from what we cannot help to what the operator can.
    """
    named = title_words(tree)
    text = tree_text(tree)
    short = len(text) < 2500
    challenge = challenge_of(html)
    if challenge is not None and short:
        return f"a challenge page that only a browser passes{f' ({challenge})' if challenge else ''}", named
    if _LOGIN.search(html) and short:
        return "a login page", named
    if _CONSENT.search(html) and short:
        return "a consent page", named
    if _LOST.search(named) or (short and _LOST.search(text[:400])):
        return "a page that says “not found”, with status 200,", named
    return None


def title_words(tree: Tree) -> str:
    """The title of a page as it is told: in brackets and quotes after a space, or ""."""
    title = _shown(head_title(tree))[:80]
    return f' ("{title}")' if title else ""


def _shown(text: str) -> str:
    """The text in one line, without characters that nobody sees and that may turn a terminal's line around."""
    return one_line("".join(character if character.isprintable() else " " for character in text))
