"""Records as a name server gives them; what it does not give is nothing, or told. The server is a small one on loopback."""

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from monitor.delivery.dns_records import NameServers
from monitor.model.errors import DnsFailed

ZONE = {
    ("news.example.org.", "TXT"): ['"v=spf1 " "ip4:192.0.2.1 -all"', '"other"'],
    ("bounce.example.org.", "MX"): ["20 mx2.example.org.", "10 mx1.example.org."],
    ("nomail.example.org.", "MX"): ["0 ."],
    ("mx1.example.org.", "A"): ["192.0.2.1"],
    ("mx1.example.org.", "AAAA"): ["2001:db8::1"],
    ("1.2.0.192.in-addr.arpa.", "PTR"): ["mx1.example.org."],
    ("xn--e1afmkfd.example.org.", "TXT"): ['"found"'],
}


class Server(threading.Thread):
    """Answers from the zone over UDP; names that begin with "broken", "silent" or "noise" get what they say."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.asked = []

    def run(self):
        while True:
            try:
                data, client = self.socket.recvfrom(4096)
            except OSError:
                return
            if data == b"end":
                return
            answer = self.answer(dns.message.from_wire(data))
            if answer:
                self.socket.sendto(answer, client)

    def answer(self, query):
        name = query.question[0].name.to_text()
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        self.asked.append((name, kind))
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if name.startswith("silent"):
            return None
        if name.startswith("noise"):
            return b"no answer at all"
        if name.startswith("broken"):
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif (name, kind) in ZONE:
            reply.answer.append(dns.rrset.from_text(name, 300, "IN", kind, *ZONE[name, kind]))
        elif not any(known == name for known, _ in ZONE):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()

    def stop(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"end", ("127.0.0.1", self.port))
        self.join()
        self.socket.close()


@pytest.fixture
def server():
    made = Server()
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
