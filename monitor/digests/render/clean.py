"""Makes foreign text and addresses fit to print: no controls, no direction overrides, no schemes but the web's, no send-time tokens.

It cleans what is shown to people; the JSON keeps every text as its article has it.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urldefrag, urlsplit

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks, embeddings, overrides and isolates (UAX 9): a title must not turn the text around it."""
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
_SPACE = re.compile(r"[\s\u2028\u2029]+")
_TOKEN = re.compile(r"\{(?=\{)")
_UNSAFE_IN_URL = re.compile(
    r"[\x00-\x20\x7f-\xa0\"<>\\^`{|}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
_FRAGMENT_DIRECTIVE = re.compile(r":~:.*$")


def printable(text: str) -> str:
    """One line of text that shows what it holds: white space folded, controls and invisible direction marks gone.

    "{{" is parted, so that no article can smuggle in the token that delivery fills with a reader's own address.
    """
    text = _SPACE.sub(" ", _CONTROLS.sub("", text))
    return _TOKEN.sub("{ ", _INVISIBLE.sub("", _DIRECTION.sub("", text))).strip()


def legible(text: str) -> str:
    """`text` without controls, half surrogate pairs and direction marks; its white space stays, and what it says of templates."""
    return _DIRECTION.sub("", without_controls(text))


def without_controls(text: str) -> str:
    """`text` without controls and half surrogate pairs, which no YAML file holds either; its white space stays."""
    return _CONTROLS.sub("", text)


def safe_url(url: str, *, schemes: tuple[str, ...] = ("http", "https")) -> str:
    """The address with unsafe characters percent-encoded; "" unless it is absolute and of one of `schemes`."""
    url = _UNSAFE_IN_URL.sub(lambda found: quote(found[0], safe="", errors="replace"), url.strip())
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme.lower() not in schemes or (parts.scheme.lower() != "mailto" and not parts.netloc):
        return ""
    return url


def without_fragment_directive(url: str) -> str:
    """The address without its text fragment (`#:~:text=…`), which readers of plain text and paper cannot use."""
    bare, fragment = urldefrag(url)
    kept = _FRAGMENT_DIRECTIVE.sub("", fragment)
    return f"{bare}#{kept}" if kept else bare


def anchor(prefix: str, identity: str) -> str:
    """An `id` attribute for a thing: ASCII, no spaces, stable for the same identity."""
    folded = unicodedata.normalize("NFKD", identity).encode("ascii", "ignore").decode()
    return f"{prefix}-{re.sub(r'[^A-Za-z0-9_-]+', '-', folded).strip('-') or 'x'}"
