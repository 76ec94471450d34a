"""HTML and XML from strangers, parsed safely and asked simple questions; it judges no text and fetches nothing.

The one home of lxml. No entity is expanded, no DTD is loaded, nothing is read from disk or network (XXE, XML bombs), and
any bytes give a tree: pages and feeds are broken more often than not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from lxml import etree
from lxml import html as lxml_html

from monitor.text.charset import decode
from monitor.text.urls import absolute_url

Tree: TypeAlias = Any
"""An lxml element with its descendants. lxml ships no types."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_XML_BYTES = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})
_SPACE = re.compile(r"\s+")
_TAG_OR_ENTITY = re.compile(r"<[A-Za-z/!?][^<>]*>|&(?:#|\w+;)")
_SILENT = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "head", "select", "textarea"})
_BLOCK_WORDS = """
    address article aside blockquote body br caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr li main nav ol option p pre section summary table tbody td tfoot th thead tr ul
"""
_BLOCK = frozenset(_BLOCK_WORDS.split())


class Link(NamedTuple):
    """An `<a href>`: absolute http(s) address, its text in one line, and its `rel` words in lower case."""

    url: str
    text: str
    rel: tuple[str, ...] = ()


def clean_text(text: str) -> str:
    """`text` without the characters that XML forbids (NUL, other controls, lone surrogates); tabs and newlines stay."""
    try:
        raw = text.encode()
    except UnicodeEncodeError:  # a surrogate
        return _NOT_XML.sub("", text)
    if b"\xef\xbf" not in raw and len(raw) == len(raw.translate(None, _NOT_XML_BYTES)):
        return text  # as nearly always, told five times faster
    return _NOT_XML.sub("", text)


def one_line(text: str) -> str:
    """`text` with every run of white space as one space, none at the ends."""
    return _SPACE.sub(" ", text).strip()


def parse_html(body: bytes | str, *, encoding: str | None = None) -> Tree:
    """The tree of a page; an empty `<html>` for an empty body. Never fails, whatever the bytes.

    Args:
        body: The page; bytes are decoded by `decode`.
        encoding: What the HTTP header says, if it says.
    """
    text = clean_text(body if isinstance(body, str) else decode(body, encoding))
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, huge_tree=False)
    try:
        tree = etree.fromstring(text.encode(), parser) if text.strip() else None
    except etree.LxmlError:  # nothing but comments or a bare declaration: a page without content
        tree = None
    return tree if tree is not None else etree.Element("html")


def parse_page(text: str) -> Tree | None:
    """The tree of a whole page as extractors want it, an `lxml.html` element without comments; None where `text` is no page.

    A parser of `lxml.html` asks Python for the class of each element that a walk meets, which costs a sixth of an extraction: here
    all elements have one class, found without asking.

    Args:
        text: Clean of the characters that XML forbids (`clean_text`).
    """
    start = text[:_START].lower()
    text = _FIRST_DOCTYPE.sub("", text, count=1) if "doctype" in start else text
    if closed := _CLOSED_ROOT.search(text, 0, _HEAD):  # libxml2 believes it, and drops the page
        text = f"{text[: closed.end() - 2]}>{text[closed.end() :]}"
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, collect_ids=False, remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = lxml_html.fromstring(text.encode(), parser=parser) if text.strip() else None
    except etree.LxmlError:  # nothing but comments or a bare declaration
        return None
    return None if tree is None or ("html" not in start and len(tree) < 2) else tree


_ONE_CLASS = etree.ElementDefaultClassLookup(
    element=lxml_html.HtmlElement,
    comment=lxml_html.HtmlComment,
    pi=lxml_html.HtmlProcessingInstruction,
    entity=lxml_html.HtmlEntity,
)
_START = 50
"""Characters in which a page names itself HTML."""
_HEAD = 4096
"""Characters in which the root element begins."""
_FIRST_DOCTYPE = re.compile(r"^\s*<\s?!\s?doctype[^<>\n]*>", re.IGNORECASE)
_CLOSED_ROOT = re.compile(r"<html\b[^<>]*/>", re.IGNORECASE)


def parse_xml(body: bytes | str, *, recover: bool = True) -> Tree | None:
    """The tree of an XML document, or None where there is none (or it is not well formed and `recover` is False).

    Entities stay unexpanded, also those of an internal subset, so that a bomb costs nothing (F48).
    """
    raw = body if isinstance(body, bytes) else clean_text(body).encode()
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
        encoding=None if isinstance(body, bytes) else "utf-8",
    )
    try:
        return etree.fromstring(raw.lstrip(), parser)
    except (etree.LxmlError, ValueError):
        return None


def xml_bytes(tag: str, attributes: dict[str, str], children: list[Tree]) -> bytes:
    """A whole XML document in UTF-8, indented, with declaration."""
    root = xml_element(tag, attributes, children)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def xml_element(tag: str, attributes: dict[str, str], children: list[Tree] | None = None, text: str = "") -> Tree:
    """An element for `xml_bytes`; characters that XML forbids are left out."""
    element = etree.Element(tag, {name: clean_text(value) for name, value in attributes.items()})
    element.text = clean_text(text) or None
    element.extend(children or [])
    return element


def local_name(element: Tree) -> str:
    """The tag without its namespace, lower-case; "" for comments, entities and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def text_of(html: str) -> str:
    """Plain text of a fragment: no tags, entities resolved, scripts and styles gone; block elements begin a new line.

    Each line has single spaces and is not empty. Text that holds no markup comes back with its white space folded.
    """
    if not _TAG_OR_ENTITY.search(html):
        return one_line(clean_text(html))
    return tree_text(parse_html(f"<div>{html}</div>"))


def tree_text(tree: Tree) -> str:
    """As `text_of`, for a tree in hand."""
    pieces: list[str] = []
    silent = 0
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"}:
            pieces.append("" if silent else node.tail or "")
            continue
        is_silent, is_block = _display(node.tag)
        if is_silent:
            silent += 1 if event == "start" else -1
        if is_block:
            pieces.append(_BREAK)
        if not silent:
            text = node.text if event == "start" else None if node is tree else node.tail
            if text:
                pieces.append(text)
    # white space of the source is space; only block elements break lines
    lines = (" ".join(line.split()) for line in "".join(pieces).split(_BREAK))
    return "\n".join(line for line in lines if line)


_BREAK = "\x00"
"""Between blocks while text is gathered: the one character that no tree can hold."""


@lru_cache(maxsize=1024)
def _display(tag: object) -> tuple[bool, bool]:
    """Whether an element of this tag is silent, and whether it is a block."""
    name = tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
    return name in _SILENT, name in _BLOCK


def meta(tree: Tree, *names: str) -> str:
    """The first non-empty `content` of a `<meta>` whose name, property, itemprop or http-equiv is among `names`, in their order."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = one_line(element.get("content") or "")
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            key = (element.get(attribute) or "").strip().lower()
            if key and content:
                found.setdefault(key, content)
    return next((found[name.lower()] for name in names if name.lower() in found), "")


def link_rel(tree: Tree, rel: str) -> list[dict[str, str]]:
    """The attributes of every `<link>` whose `rel` holds the word `rel`, in document order; values as written."""
    wanted = rel.lower()
    return [
        {str(name).lower(): str(value) for name, value in element.attrib.items()}
        for element in tree.iter("link")
        if wanted in (element.get("rel") or "").lower().split()
    ]


def head_title(tree: Tree) -> str:
    """The text of the first `<title>` outside SVG, in one line, or ""."""
    for element in tree.iter("title"):
        parent = element.getparent()
        if parent is None or local_name(parent) != "svg":
            return one_line("".join(element.itertext()))
    return ""


def base_url(tree: Tree, url: str) -> str:
    """What relative addresses of the page are relative to: `<base href>` if there is a usable one, else `url`."""
    for element in tree.iter("base"):
        href = (element.get("href") or "").strip()
        if href:
            return absolute_url(url, href) or url
    return url


def links(tree: Tree, base: str) -> list[Link]:
    """Every `<a href>` that leads to an http(s) address, absolute, in document order; `base` is the page's own address."""
    start = base_url(tree, base)
    found = []
    for element in tree.iter("a"):
        url = absolute_url(start, element.get("href") or "") if element.get("href") else ""
        if url:
            found.append(Link(url, one_line(" ".join(element.itertext())), tuple((element.get("rel") or "").lower().split())))
    return found
