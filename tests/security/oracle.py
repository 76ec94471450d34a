"""Judges what came out: only elements, attributes and schemes that our own templates write, no control, no turn, no foreign address.

Each judge returns the sins it found, as text; nothing found is (). A second reader, Chromium, judges the same pages in `test_chromium`.
"""

from __future__ import annotations

import re
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from urllib.parse import urlsplit

from lxml import etree

PAGE = {
    "a", "abbr", "address", "article", "aside", "body", "br", "button", "caption", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "div", "dl", "dt", "em", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "header", "hr", "html", "img", "input", "ins", "label", "legend", "li", "link", "main", "mark", "meta", "meter", "nav",
    "ol", "optgroup", "option", "output", "p", "pre", "progress", "q", "s", "search", "section", "select", "small", "span",
    "strong", "style", "sub", "summary", "sup", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "time", "title", "tr",
    "ul", "wbr",
}  # fmt: skip
"""What pages may hold. No script, frame, object, media, SVG or MathML; what a page has of scripts is told by `scripts`."""
ATTRIBUTES = {
    "accept-charset", "action", "align", "alt", "autocapitalize", "autocomplete", "autofocus", "bgcolor", "border", "cellpadding", "cellspacing", "charset",
    "checked", "cite", "class", "cols", "colspan", "content", "datetime", "dir", "disabled", "enctype", "for", "form",
    "formaction", "formmethod", "formnovalidate", "headers", "height", "href", "hreflang", "id", "inputmode", "lang", "loading",
    "max", "maxlength", "media", "method", "min", "minlength", "multiple", "name", "novalidate", "open", "pattern",
    "placeholder", "property", "readonly", "rel", "required", "role", "rows", "rowspan", "scope", "selected", "sizes",
    "spellcheck", "src", "start", "step", "style", "tabindex", "title", "translate", "type", "value", "width",
}  # fmt: skip
ADDRESSES = {"href", "src", "action", "formaction", "cite", "data-url"}
LOADED = {"src", "srcset", "poster", "background", "data"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
TURNS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TOKEN = "{{UNSUBSCRIBE_URL}}"
STYLE_SINS = re.compile(
    r"url\(|expression|binding|(?<![-\w])behavior|@import|position\s*:\s*(?:fixed|sticky)|javascript", re.IGNORECASE
)


class _Reader(HTMLParser):
    """The elements of a page as the standard library sees them, in order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.elements, self.styles, self.comments, self._in = [], [], [], ""

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, attrs))
        self._in = tag if tag not in VOID else self._in

    def handle_endtag(self, tag):
        self._in = ""

    def handle_data(self, data):
        if self._in == "style":
            self.styles.append(data)

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_pi(self, data):
        self.comments.append(data)

    def unknown_decl(self, data):
        self.comments.append(data)


def judge_html(page: str, *, scripts=(), own_hosts=("monitor.example",), forms=(), sent=True) -> tuple[str, ...]:
    """Sins of a page, mail or fragment.

    Args:
        page: The text as served.
        scripts: Addresses of scripts that the page may load.
        own_hosts: Hosts of its own furniture; whatever loads by itself must come from them or be relative.
        forms: Ways of address that a form may post to, as prefixes.
        sent: Whether somebody fills the token in before it is read; where nobody does it is a word like others.
    """
    sins = [f"control or turn {found[0]!r} at {found.start()}" for found in _unprintable(page)]
    for elements, styles, comments in (_by_library(page), _by_lxml(page)):
        for tag, attributes in elements:
            sins += _judge_element(tag, attributes, scripts, own_hosts, forms)
        sins += [f"style holds {found[0]!r}" for style in styles for found in STYLE_SINS.finditer(style)]
        sins += [f"comment {comment[:40]!r}" for comment in comments if comment not in {"site", "/site"}]
    if sent and TOKEN in page:
        sins.append("the token is still there")
    return tuple(dict.fromkeys(sins))


def _unprintable(text):
    yield from CONTROLS.finditer(text)
    yield from TURNS.finditer(text)


def _by_library(page):
    reader = _Reader()
    try:
        reader.feed(page)
        reader.close()
    except AssertionError as error:  # the library's word for a declaration that it does not know: none of ours
        reader.comments.append(str(error))
    return reader.elements, reader.styles, reader.comments


def _by_lxml(page):
    tree = etree.fromstring(page.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    elements = [(node.tag, list(node.attrib.items())) for node in tree.iter() if isinstance(node.tag, str)]
    styles = [node.text or "" for node in tree.iter("style")]
    others = [str(node.text) for node in tree.iter() if not isinstance(node.tag, str)]
    return elements, styles, others


def _judge_element(tag, attributes, scripts, own_hosts, forms):
    named = dict(attributes)
    if tag == "script":
        if named.get("type") == "application/ld+json" and not named.get("src"):
            return
        if named.get("src") not in scripts:
            yield f"<script src={named.get('src')!r}>"
    elif tag not in PAGE:
        yield f"<{tag}>"
    if len(named) != len(attributes):
        yield f"<{tag}> has an attribute twice"
    for name, value in attributes:
        if name not in ATTRIBUTES and not re.fullmatch(r"(?:aria|data)-[a-z-]+", name) and tag != "script":
            yield f"<{tag} {name}>"
        if name in ADDRESSES | LOADED:
            yield from _judge_address(tag, name, value or "", own_hosts)
        if name == "style" and (found := STYLE_SINS.search(value or "")):
            yield f"<{tag} style> holds {found[0]!r}"
    if tag == "meta" and "http-equiv" in named and (named["http-equiv"] or "").lower() != "content-type":
        yield f"<meta http-equiv={named['http-equiv']}>"
    if tag == "form" and forms and not str(named.get("action", "")).startswith(tuple(forms)):
        yield f"<form action={named.get('action')!r}>"


def _judge_address(tag, name, value, own_hosts):
    parts = urlsplit(value)
    if parts.scheme not in {"", "http", "https", "mailto"}:
        yield f"<{tag} {name}> has the scheme {parts.scheme!r}"
    if CONTROLS.search(value) or TURNS.search(value) or "\\" in value or value != value.strip():
        yield f"<{tag} {name}> holds what no address does: {value[:60]!r}"
    fetched = name in LOADED or (tag == "link" and name == "href") or name in {"action", "formaction"}
    if fetched and parts.netloc and parts.hostname not in own_hosts:
        yield f"<{tag} {name}> leads to {parts.hostname}"


FIELDS = {
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help",
    "List-Owner", "List-Archive", "List-Post", "Archived-At", "Precedence", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Feedback-ID", "Reply-To", "Content-Type", "Content-Language", "DKIM-Signature", "Content-Transfer-Encoding",
}  # fmt: skip


def judge_mail(raw: bytes, recipient: str) -> tuple[str, ...]:
    """Sins of a mail: its fields, its envelope of parts, its lines."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    names = [line.split(b":", 1)[0].decode("ascii", "replace") for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    sins = [f"field {name!r}" for name in names if name not in FIELDS]
    sins += [f"field {name} twice" for name in set(names) if names.count(name) > 1]
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        sins.append("a bare CR or LF")
    if not raw.isascii() or re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw):
        sins.append("a byte that is no text")
    if max(map(len, raw.split(b"\r\n"))) > 998:
        sins.append("a line over 998 bytes")
    message = BytesParser(policy=policy.default).parsebytes(raw)
    sins += [f"defect {defect!r}" for part in message.walk() for defect in part.defects]
    kinds = [part.get_content_type() for part in message.walk()]
    if kinds != ["multipart/alternative", "text/plain", "text/html"]:
        sins.append(f"parts {kinds}")
    if [address.addr_spec for address in message["To"].addresses] != [recipient]:
        sins.append(f"goes to {message['To']}")
    for name in ("Subject", "List-Id", "From"):
        sins += [f"{name} holds {found[0]!r}" for found in _unprintable(str(message[name]))]
    return tuple(sins)


def parts_of(raw: bytes) -> tuple[str, str]:
    """Text and HTML of a mail, decoded."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    text, page = (part for part in message.walk() if part.get_content_maintype() == "text")
    return text.get_content().replace("\r\n", "\n"), page.get_content().replace("\r\n", "\n")


def judge_text(text: str) -> tuple[str, ...]:
    """Sins of plain text that a person reads: controls, turns, the token."""
    sins = [f"control or turn {found[0]!r} at {found.start()}" for found in _unprintable(text)]
    return (*sins, *(["the token is still there"] if TOKEN in text else []))
