"""Bytes become text although the declarations are wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.charset import charset_of, decode

TEXT = "Ледоколы двух портов — «Полярный медведь» и «Буран» — пойдут вместе. " * 3
FRENCH = "L’été dernier, la forêt brûlait près de Nîmes — à peine contrôlée. " * 3
KOI = TEXT.encode("koi8-r", "ignore").decode("koi8-r")


def twice(text):
    """Encoded, read as windows-1252 by someone, and encoded again."""
    wrong = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    return wrong.encode()


@pytest.mark.parametrize(
    ("body", "content_type", "text", "why"),
    [
        (TEXT.encode(), "", TEXT, "UTF-8 unsaid"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=koi8-r", TEXT, "a byte order mark outranks the header"),
        (TEXT.encode("utf-16"), "", TEXT, "UTF-16 by its mark"),
        (TEXT.encode("cp1251"), "", TEXT, "windows-1251 unsaid"),
        (TEXT.encode("cp1251"), "text/html; charset=ISO-8859-1", TEXT, "a server's default"),
        (TEXT.encode("cp1251"), "text/html; charset=utf-8", TEXT, "a wrong header"),
        (
            TEXT.encode("koi8-r", "ignore"),
            "text/html; charset=koi8-r",
            TEXT.encode("koi8-r", "ignore").decode("koi8-r"),
            "a right header",
        ),
        (TEXT.encode(), "text/html; charset=windows-1251", TEXT, "UTF-8 whatever is said"),
        (FRENCH.encode("cp1252"), "text/html; charset=iso-8859-1", FRENCH, "Western text behind a Latin-1 header stays Western"),
        (b"<meta charset=cp1251>" + TEXT.encode("cp1251"), "", "<meta charset=cp1251>" + TEXT, "the page's word"),
        (b"plain ascii", "", "plain ascii", "nothing to decide"),
        (TEXT.encode("koi8-r", "ignore"), "text/html; charset=ISO-8859-1", KOI, "KOI8-R behind a server's default"),
        (("<p>" + TEXT).encode("utf-16-le"), "", "<p>" + TEXT, "UTF-16 without its mark"),
        (("<p>" + TEXT).encode("utf-16-be"), "text/html; charset=utf-8", "<p>" + TEXT, "UTF-16 without its mark, header wrong"),
        (twice(TEXT), "text/html; charset=utf-8", TEXT, "UTF-8 encoded twice"),
        (twice(FRENCH), "", FRENCH, "UTF-8 encoded twice, Western"),
        ((FRENCH + " Ã©tude").encode(), "", FRENCH + " Ã©tude", "a few such pairs in good text are the author's"),
        (TEXT.encode(), 'text/html; charset="unicode"', TEXT, "no charset of that name"),
        (
            b"<?xml version='1.0' encoding='koi8-r'?>" + KOI.encode("koi8-r"),
            "",
            "<?xml version='1.0' encoding='koi8-r'?>" + KOI,
            "XML says",
        ),
    ],
)
def test_page_is_decoded(body, content_type, text, why):
    assert decode(body, charset_of(content_type)) == text, why


def test_few_bad_bytes_do_not_make_another_charset_of_utf8():
    body = (TEXT * 20).encode() + b"\xff"
    assert decode(body).startswith("Ледоколы двух портов")


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_give_a_text(body, header):
    assert isinstance(decode(body, charset_of(header)), str)
