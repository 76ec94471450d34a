import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.addresses import canonical_address, needs_smtputf8
from monitor.model.errors import WrongUse


@pytest.mark.parametrize(
    ("typed", "canonical", "why"),
    [
        ("Ann@Example.ORG", "Ann@example.org", "the domain has no case; the part before @ belongs to its owner"),
        (" ann@example.org ", "ann@example.org", "spaces around are a slip of the hand"),
        ("a.n.n+news@gmail.com", "a.n.n+news@gmail.com", "dots and + are never taken away"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example", "the domain goes out as A-labels"),
        ("ann@пример.example", "ann@xn--e1afmkfd.example", "in any script"),
        ("аня@example.org", "аня@example.org", "a name in another script stays, and needs SMTPUTF8"),
        (unicodedata.normalize("NFD", "josé@example.org"), "josé@example.org", "composed, so that two spellings are one person"),
    ],
)
def test_an_address_has_one_form(typed, canonical, why):
    assert canonical_address(typed) == canonical, why


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "a n@example.org",
        "ann@exa mple.org",
        ".ann@example.org",
        "a..n@example.org",
        "ann@-x.org",
        "x" * 65 + "@example.org",
        "ann@example.org\r\nBcc: eve@example.org",
        "ann@" + "x" * 64 + ".org",
        "<ann@example.org>",
        "ann@192.0.2.1",
        "ann@[192.0.2.1]",
        "an\u200bn@example.org",
        "an\u202en@example.org",
        "an\udce9n@example.org",
        "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".example",
        '"ann smith"@example.org',
        "ann@example..org",
        "ann@exa_mple.org",
        "ann@ёё" + "ё" * 60 + ".org",
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(typed):
    with pytest.raises(WrongUse, match="no mail address"):
        canonical_address(typed)


def test_only_a_foreign_local_part_needs_smtputf8():
    assert needs_smtputf8("аня@example.org")
    assert not needs_smtputf8(canonical_address("ann@bücher.example"))


locals_ = st.from_regex(r"[A-Za-z0-9+_'=-]{1,20}(\.[A-Za-z0-9+_'=-]{1,10}){0,3}", fullmatch=True) | st.text(
    "абвгдеёжз", min_size=1, max_size=15
)
domains = st.from_regex(r"[a-zA-Z][a-zA-Z0-9]{0,20}(\.[a-zA-Z][a-zA-Z0-9]{0,10}){1,3}", fullmatch=True) | st.text(
    "абвгдежз", min_size=1, max_size=20
).map(lambda name: f"{name}.бел")


@given(locals_, domains)
def test_the_canonical_form_is_one_that_stays_as_it_is(local, domain):
    canonical = canonical_address(f"{local}@{domain}")
    assert canonical_address(canonical) == canonical
    assert canonical_address(f"  {local}@{domain.upper()}\n") == canonical
    assert canonical_address(unicodedata.normalize("NFD", f"{local}@{domain}")) == canonical


@given(locals_, domains)
def test_the_part_before_the_sign_is_its_owners(local, domain):
    """Neither dots nor what follows a + are taken away, whoever the provider is."""
    kept, _, host = canonical_address(f"{local}@{domain}").rpartition("@")
    assert kept == unicodedata.normalize("NFC", local)
    assert host.isascii()
    assert host == host.lower()


@given(st.text(max_size=80))
def test_any_text_is_an_address_fit_for_a_header_or_refused(text):
    try:
        canonical = canonical_address(text)
    except WrongUse:
        return
    assert re.fullmatch(r"[^\s@<>,;:()\x00-\x20]+@[a-z0-9.-]+", canonical)
    assert len(canonical.encode()) <= 254
    assert canonical_address(canonical) == canonical
