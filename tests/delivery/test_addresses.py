import unicodedata

import pytest

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
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(typed):
    with pytest.raises(WrongUse, match="no mail address"):
        canonical_address(typed)


def test_only_a_foreign_local_part_needs_smtputf8():
    assert needs_smtputf8("аня@example.org")
    assert not needs_smtputf8(canonical_address("ann@bücher.example"))
