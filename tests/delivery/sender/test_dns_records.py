"""Records as a name server gives them; what it does not give is nothing, or told. The server is a small one on loopback."""

import importlib.util
from pathlib import Path

import pytest

from monitor.delivery.sender.dns_records import NameServers
from monitor.model.errors import DnsFailed

PLACE = Path(__file__).parents[1] / "name_server.py"
SPEC = importlib.util.spec_from_file_location("name_server_on_loopback", PLACE)
name_server = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(name_server)
ZONE = {
    ("news.example.org.", "TXT"): ['"v=spf1 " "ip4:192.0.2.1 -all"', '"other"'],
    ("bounce.example.org.", "MX"): ["20 mx2.example.org.", "10 mx1.example.org."],
    ("nomail.example.org.", "MX"): ["0 ."],
    ("mx1.example.org.", "A"): ["192.0.2.1"],
    ("mx1.example.org.", "AAAA"): ["2001:db8::1"],
    ("1.2.0.192.in-addr.arpa.", "PTR"): ["mx1.example.org."],
    ("xn--e1afmkfd.example.org.", "TXT"): ['"found"'],
}


@pytest.fixture
def server():
    made = name_server.Server(ZONE)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def names(server):
    return NameServers(["127.0.0.1"], port=server.port, timeout_s=1.0)


def test_strings_of_a_record_are_put_together(names):
    assert set(names.txt("news.example.org")) == {"v=spf1 ip4:192.0.2.1 -all", "other"}


def test_mail_hosts_come_by_preference(names):
    assert names.mx("bounce.example.org") == ("mx1.example.org", "mx2.example.org")
    assert names.mx("nomail.example.org") == (".",)


def test_addresses_are_of_both_kinds_and_lead_back(names):
    assert names.addresses("mx1.example.org") == ("192.0.2.1", "2001:db8::1")
    assert names.names_of("192.0.2.1") == ("mx1.example.org",)


def test_what_does_not_exist_is_nothing(names):
    assert names.txt("nowhere.example.org") == ()
    assert names.mx("news.example.org") == ()
    assert names.names_of("192.0.2.9") == ()


def test_a_name_beyond_ascii_is_asked_for_in_its_wire_form(names):
    assert names.txt("пример.example.org") == ("found",)


@pytest.mark.parametrize("name", ["silent.example.org", "broken.example.org", "noise.example.org", "a..b", "x" * 70 + ".org"])
def test_a_server_that_gives_no_answer_is_told_and_may_be_asked_again(names, name):
    with pytest.raises(DnsFailed, match=name.split(".", maxsplit=1)[0][:20]) as error:
        names.txt(name)
    assert error.value.transient


def test_an_answer_is_asked_for_once(names, server):
    for _ in range(3):
        names.txt("news.example.org")
        names.txt("NEWS.example.org")
    assert server.asked == [("news.example.org.", "TXT")]
