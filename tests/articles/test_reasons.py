"""Every reason for a missing or short text is in the reference, in the words that the code uses."""

import re
from datetime import date
from pathlib import Path

import pytest

from monitor.articles.extract import extract_article

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs/reference/fetch-behaviour.md").read_text(encoding="utf-8").partition("## Why an article")[2]
ROWS = re.findall(r"^\| `([^`]+)` \|", TABLE, re.MULTILINE)
PATTERNS = [re.compile(".*".join(map(re.escape, row.split("…")))) for row in ROWS]
CODE = "".join(
    (ROOT / "monitor" / name).read_text(encoding="utf-8")
    for name in ("articles/extract.py", "articles/make.py", "articles/repeated.py", "article_page.py", "feeds/redirectors.py")
)
LONG = "The towns agreed on Tuesday to share their ice breakers, the mayor said after a long meeting of both of the councils."


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", ""),
        (b"%PDF-1.7", ""),
        (b"{}", "application/json"),
        (b"plain", ""),
        (b"<html><body>" + b"<b>x</b>" * 50_001, ""),
        (b"<html><title>Just a moment...</title><body></body></html>", ""),
        (b"<html><title>Before you continue to the site</title><body><p>x</p></body></html>", ""),
        (b"<html><title>Page not found</title><body><p>x</p></body></html>", ""),
        (b"<html><title>x</title><body><noscript>Please enable JavaScript</noscript></body></html>", ""),
        (b"<html><title>x</title><body><p>x</p></body></html>", ""),
        (f"<html><title>x</title><body><h1>x</h1><p>{LONG}</p></body></html>".encode(), ""),
    ],
)
def test_a_reason_of_an_extraction_is_in_the_table(body, content_type):
    reason = extract_article(body, url="https://north.example/1", content_type=content_type, today=date(2026, 3, 1)).reason
    assert reason
    assert any(pattern.match(reason) for pattern in PATTERNS), reason


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_table_is_a_reason_of_the_code(row):
    words = max(row.replace("50,000", "…").split("…"), key=len).strip(" :`")
    assert words in CODE
