"""Checks of a mail's HTML: what mail programs clip, block or show broken, and what readers with a screen reader need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from monitor.delivery.lint.body import control_characters
from monitor.delivery.lint.mail import Finding, Mail, MailKind, Part
from monitor.model.problem import Severity

MAX_HTML_BYTES = 98_000
WARN_HTML_BYTES = 85_000
MAX_STYLE_BYTES = 16_384
FIRST_SIGHT_BYTES = 4_096
"""Where the way out must stand, apart from the end: what is clipped has no end."""
_WARN = Severity.WARNING
_FORBIDDEN = {
    "script": ("M310", "a script: no mail program runs it, many reject it", "leave it out"),
    "form": ("M311", "a form", "link to a page"),
    "link": ("M313", "an outside style sheet", "put the styles inline"),
    "iframe": ("M335", "a frame", "link to a page"),
    "object": ("M335", "an embedded object", "link to it"),
    "embed": ("M335", "an embedded object", "link to it"),
    "video": ("M335", "a film", "link to it"),
    "audio": ("M335", "a recording", "link to it"),
    "svg": ("M335", "a drawing that no large mail program shows", "use a PNG"),
}
_SAYS_NOTHING = re.compile(
    r"(click )?here|read (more|on)|more|link|this( link)?|details|тут|тутака|здесь|подробнее|читать далее|далее|падрабязней|чытаць далей|далей",
    re.IGNORECASE,
)


def html_findings(mail: Mail) -> Iterator[Finding]:
    """Everything that is wrong in the HTML parts."""
    for part in mail.parts:
        if part.kind == "text/html":
            yield from _sizes(part)
            yield from control_characters(part, "the HTML")
            yield from _elements(part)
            if mail.kind is MailKind.EDITION:
                yield from _way_out(part)


def _sizes(part: Part) -> Iterator[Finding]:
    size = max(len(part.content), len(part.encoded))
    if size > MAX_HTML_BYTES:
        words = f"the HTML has {len(part.content)} bytes, {len(part.encoded)} encoded"
        yield Finding(part.line, "M301", words, f"mail programs clip a little beyond {MAX_HTML_BYTES}")
    elif size > WARN_HTML_BYTES:
        yield Finding(
            part.line, "M303", f"the HTML has {size} bytes: near to being clipped", f"below {WARN_HTML_BYTES} is safe", _WARN
        )
    for style in re.findall(r"<style[^>]*>(.*?)</style>", part.text, re.IGNORECASE | re.DOTALL):
        if len(style.encode()) > MAX_STYLE_BYTES:
            yield Finding(
                part.line, "M302", f"a style block has {len(style.encode())} bytes: Gmail drops it", f"at most {MAX_STYLE_BYTES}"
            )
        if re.search(r"@import|url\(\s*['\"]?https?:", style, re.IGNORECASE):
            yield Finding(part.line, "M304", "a style block loads something from outside", "leave it out")
        if re.match(r"\s*(/\*|<!--)", style):
            yield Finding(
                part.line, "M332", "a style block begins with a comment: Gmail drops it whole", "begin with a rule", _WARN
            )
    if re.search(r"(src|href)\s*=\s*[\"']?data:|url\(\s*['\"]?data:", part.text, re.IGNORECASE):
        yield Finding(part.line, "M312", "a data: address", "no large mail program shows it: use https")


def _way_out(part: Part) -> Iterator[Finding]:
    begin = part.content[:FIRST_SIGHT_BYTES].decode("utf-8", "ignore").lower()
    body = begin.partition("<body")[2]
    if not re.search(r"unsubscribe|/u/|отпис|адпіс", body):
        yield Finding(
            part.line, "M317", "no way to unsubscribe at first sight", "a link before the first item, and one at the end", _WARN
        )


def _elements(part: Part) -> Iterator[Finding]:
    reader = _Reader(part.line)
    reader.feed(part.text)
    reader.close()
    yield from reader.findings
    if not reader.language:
        yield Finding(part.line, "M315", "no language on <html>", '<html lang="en">')
    if not reader.title.strip():
        yield Finding(part.line, "M326", "no <title>: screen readers announce it", "<title>…</title>", _WARN)


class _Reader(HTMLParser):
    """Goes through the elements once, and notes what is wrong with each, once for each kind."""

    def __init__(self, line: int) -> None:
        super().__init__(convert_charrefs=True)
        self.findings: list[Finding] = []
        self.language = self.title = ""
        self._line = line
        self._heading = 0
        self._in_title = False
        self._link: list[str] | None = None
        self._tables: list[tuple[str, bool]] = []

    def _note(self, code: str, text: str, mend: str, severity: Severity = Severity.ERROR) -> None:
        if all(found.code != code or not found.text.startswith(text) for found in self.findings):
            self.findings.append(Finding(self._line, code, f"{text} (line {self.getpos()[0]} of the HTML)", mend, severity))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element begins."""
        given = {name: value or "" for name, value in attrs}
        if tag in _FORBIDDEN and not (tag == "link" and "stylesheet" not in given.get("rel", "stylesheet").lower()):
            self._note(*_FORBIDDEN[tag])
        if any(name.startswith("on") for name in given):
            self._note("M334", f"a script on <{tag}>", "leave it out")
        match tag:
            case "html":
                self.language = given.get("lang", "")
            case "title":
                self._in_title = True
            case "img":
                self._image(given)
            case "a":
                self._anchor(given)
            case "table":
                self._tables.append((given.get("role", ""), False))
            case "th":
                self._header_cell(given)
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._head(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        """One element ends."""
        if tag == "title":
            self._in_title = False
        elif tag == "a" and self._link is not None:
            words = " ".join("".join(self._link).split())
            self._link = None
            if not words:
                self._note("M324", "a link without words", "its words say where it leads")
            elif _SAYS_NOTHING.fullmatch(words.strip(" .…→»>")):
                self._note("M324", f"a link says only {words!r}", "its words say where it leads", _WARN)
        elif tag == "table" and self._tables:
            role, has_heads = self._tables.pop()
            if role not in {"presentation", "none"} and not has_heads:
                self._note("M322", "a table for layout is read out as data", '<table role="presentation">', _WARN)

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._in_title:
            self.title += data
        if self._link is not None:
            self._link.append(data)

    def _image(self, given: dict[str, str]) -> None:
        source, style = given.get("src", ""), given.get("style", "").replace(" ", "").lower()
        if self._link is not None:
            self._link.append(given.get("alt", ""))
        if "alt" not in given:
            self._note("M314", "an image without alt", 'say what it shows; alt="" where it decorates')
        small = {"0", "1", "2"}
        if given.get("width") in small or given.get("height") in small or "display:none" in style or "visibility:hidden" in style:
            self._note("M320", "an image that nobody sees: it counts readers", "leave it out")
        elif not given.get("width") or not given.get("height"):
            self._note("M319", "an image without width and height: the page jumps while it loads", 'width="…" height="…"', _WARN)
        if source.lower().startswith("http://"):
            self._note("M321", "an image by http: mail programs warn of it", "use https", _WARN)
        elif not re.match(r"(?i)https:|cid:|data:", source):
            self._note("M329", f"an image at {source!r}, which leads nowhere from a mail", "a whole https address")

    def _anchor(self, given: dict[str, str]) -> None:
        if "href" not in given:
            return
        self._link = [given.get("aria-label", "")]
        target = given["href"].strip()
        if target.lower().startswith("javascript:"):
            self._note("M328", "a link that runs a script", "an address")
        elif not re.match(r"(?i)https?://|mailto:|tel:|#|\{\{", target):
            self._note("M329", f"a link to {target[:60]!r}, which leads nowhere from a mail", "a whole address")

    def _header_cell(self, given: dict[str, str]) -> None:
        if self._tables:
            self._tables[-1] = (self._tables[-1][0], True)
        if "scope" not in given:
            self._note("M323", "a heading of a table without scope", '<th scope="col">', _WARN)

    def _head(self, level: int) -> None:
        if self._heading and level > self._heading + 1:
            self._note("M325", f"<h{level}> comes after <h{self._heading}>", "no level is left out", _WARN)
        self._heading = level
