"""Styles move into elements, media queries stay, and nothing is fetched."""

from monitor.digests.render.inline import inline_styles


def test_rules_become_attributes_and_media_queries_stay():
    page = "<html><head><style>p{color:#123456}@media (x){p{color:#654321!important}}</style></head><body><p>a</p></body></html>"
    inlined = inline_styles(page)
    assert '<p style="color:#123456">' in inlined
    assert "@media (x)" in inlined
    assert inlined.count("#123456") == 1


def test_linked_sheets_are_neither_fetched_nor_read(tmp_path):
    sheet = tmp_path / "a.css"
    sheet.write_text("p{color:#abcdef}", encoding="utf-8")
    links = f'<link rel="stylesheet" href="{sheet.as_uri()}"><link rel="stylesheet" href="http://127.0.0.1:9/a.css">'
    assert "#abcdef" not in inline_styles(f"<html><head>{links}</head><body><p>a</p></body></html>")


def test_the_unsubscribe_token_in_a_link_survives():
    assert 'href="{{UNSUBSCRIBE_URL}}"' in inline_styles(
        '<html><head><style>a{color:#123456}</style></head><body><a href="{{UNSUBSCRIBE_URL}}">x</a></body></html>'
    )
