"""HttpFetcher against real bytes on loopback."""

import gzip
import subprocess
import sys
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from monitor.feeds.http import HttpFetcher
from monitor.model.errors import (
    FeedBusy,
    FeedGone,
    FeedRefused,
    FeedUnreachable,
    FetchForbidden,
    FetchTooLarge,
)
from monitor.model.feed import Validators
from monitor.model.fetch import Accept, FetchPolicy, FetchRequest, Hop

LOOPBACK = (ip_network("127.0.0.0/8"),)


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def policy(**changes):
    return FetchPolicy(**{"host_delay_s": 0.0, "allow_private": LOOPBACK} | changes)


def fetcher(**changes):
    return HttpFetcher(policy(**changes))


def request(url, *, etag=None, last_modified=None, max_bytes=1_000_000):
    return FetchRequest(url, Accept.FEED, max_bytes, Validators(etag, last_modified))


# Validators (F1-F6, F9)


@pytest.mark.parametrize("etag", [b'W/"a b"', b'"x', b"abc", b'"caf\xe9"', b'"a:b,c"', b'""'])
@pytest.mark.parametrize("modified", [b"Tue, 1 Jan 2030 0:00:00 GMT", b"yesterday-ish", b"Mon, 04 Mar 2019 10:00:00 +0300"])
def test_validators_go_back_byte_for_byte(http_server, etag, modified):
    http_server.reply("/f", b"one", headers=[("ETag", etag), ("Last-Modified", modified)])
    first = fetcher().fetch(request(http_server.url("/f")))
    http_server.reply("/f", b"", status=304)
    fetcher().fetch(FetchRequest(http_server.url("/f"), Accept.FEED, 1000, first.validators))
    sent = http_server.requests[1].raw
    assert b"\r\nIf-None-Match: " + etag + b"\r\n" in sent
    assert b"\r\nIf-Modified-Since: " + modified + b"\r\n" in sent


def test_first_request_sets_no_condition(http_server):
    http_server.reply("/f", b"x")
    fetcher().fetch(request(http_server.url("/f")))
    assert not {"if-none-match", "if-modified-since"} & http_server.requests[0].headers.keys()


def test_a_200_replaces_validators_also_by_their_absence(http_server):
    http_server.reply("/f", b"same", headers={"ETag": '"v2"'})
    http_server.reply("/f", b"same")
    url = http_server.url("/f")
    assert fetcher().fetch(request(url, etag='"v1"', last_modified="old")).validators == Validators('"v2"', None)
    assert fetcher().fetch(request(url, etag='"v2"')).validators == Validators(None, None)


def test_a_304_has_no_body_and_may_renew_validators(http_server):
    http_server.reply("/f", status=304, headers={"ETag": '"v2"'})
    result = fetcher().fetch(request(http_server.url("/f"), etag='"v1"', last_modified="then"))
    assert result.not_modified
    assert result.body is None
    assert result.validators == Validators('"v2"', "then")


def test_a_304_without_condition_is_an_error(http_server):
    http_server.reply("/f", status=304)
    with pytest.raises(FeedUnreachable, match="no condition") as caught:
        fetcher().fetch(request(http_server.url("/f")))
    assert caught.value.status == 304


@pytest.mark.parametrize("broken", ["Tue, 19 Jan 2038 03:14:07 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_last_modified_of_a_broken_clock_is_not_kept(http_server, broken):
    http_server.reply("/f", b"x", headers={"Last-Modified": broken})
    assert fetcher().fetch(request(http_server.url("/f"))).validators.last_modified is None


# What is sent (F35-F37)


def test_request_is_plain_and_identifies_itself(http_server):
    http_server.reply("/f?b=2&a=%7e&null", b"x")
    fetcher(user_agent="monitor/1 (+https://example.org)").fetch(request(http_server.url("/f?b=2&a=%7e&null#top")))
    sent = http_server.requests[0]
    assert sent.target == "/f?b=2&a=%7e&null"
    assert sent.headers["user-agent"] == b"monitor/1 (+https://example.org)"
    assert sent.headers["accept"] == Accept.FEED.value.encode()
    assert sent.headers["accept-encoding"] == b"gzip, deflate"
    assert sent.headers["host"] == f"127.0.0.1:{http_server.port}".encode()
    assert set(sent.headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_cookies_are_neither_kept_nor_sent(http_server):
    http_server.reply("/a", status=302, headers={"Set-Cookie": "s=1", "Location": "/b"})
    http_server.reply("/b", b"x", headers={"Set-Cookie": "t=2"})
    one = fetcher()
    one.fetch(request(http_server.url("/a")))
    one.fetch(request(http_server.url("/b")))
    assert all("cookie" not in sent.headers and "referer" not in sent.headers for sent in http_server.requests)


def test_proxies_of_the_environment_are_not_used(http_server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    http_server.reply("/f", b"direct")
    assert fetcher().fetch(request(http_server.url("/f"))).body == b"direct"


# Redirects (F12-F15)


def test_redirects_are_followed_and_recorded(http_server):
    http_server.reply("/a", status=301, headers={"Location": "/b?x=1#frag"})
    http_server.reply("/b?x=1", status=302, headers={"Location": http_server.url("/с".encode().decode())})
    http_server.reply("/%D1%81", b"there")
    result = fetcher().fetch(request(http_server.url("/a"), etag='"v"'))
    assert result.body == b"there"
    assert result.hops == (Hop(301, http_server.url("/b?x=1")), Hop(302, http_server.url("/с")))
    assert (result.url, result.final_url) == (http_server.url("/a"), http_server.url("/с"))


def test_a_circle_of_redirects_is_named_and_ends_early(http_server):
    http_server.reply("/a", status=302, headers={"Location": "/b"})
    http_server.reply("/b", status=302, headers={"Location": "/a"})
    with pytest.raises(FeedRefused, match="in a circle"):
        fetcher().fetch(request(http_server.url("/a")))
    assert len(http_server.requests) == 2


def test_redirects_without_end_stop_at_the_limit(http_server):
    for number in range(9):
        http_server.reply(f"/{number}", status=302, headers={"Location": f"/{number + 1}"})
    with pytest.raises(FeedRefused, match="more than 5 times"):
        fetcher().fetch(request(http_server.url("/0")))
    assert len(http_server.requests) == 6


@pytest.mark.parametrize("location", ["", "file:///etc/passwd", "javascript:alert(1)", "ftp://example.org/f"])
def test_redirects_that_lead_nowhere_are_refused(http_server, location):
    http_server.reply("/a", status=301, headers={"Location": location} if location else {})
    with pytest.raises(FeedRefused, match=r"cannot be followed|without an address"):
        fetcher().fetch(request(http_server.url("/a")))


# Where it may go (F38)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2/",
        "http://[::1]/",
        "http://169.254.169.254/latest/",
        "http://0.0.0.0/",
        "http://inner.example/",
        "http://127.1/",
    ],
)
def test_redirects_into_private_networks_are_refused(http_server, location):
    http_server.reply("/f", status=302, headers={"Location": location})
    addresses = {"inner.example": ["10.0.0.5"], "127.1": ["127.0.0.9"]}
    allowed = FetchPolicy(host_delay_s=0, allow_private=(ip_network("127.0.0.1"),))
    with pytest.raises(FetchForbidden, match=r"is (loopback|the cloud|unspecified|a private)") as caught:
        HttpFetcher(allowed, resolve=addresses.__getitem__).fetch(request(http_server.url("/f")))
    assert caught.value.url == location
    assert len(http_server.requests) == 1


def test_a_name_that_resolves_to_loopback_is_refused(http_server):
    with pytest.raises(FetchForbidden, match="loopback"):
        HttpFetcher(FetchPolicy(ports=(http_server.port,))).fetch(request(http_server.url("/", host="localhost")))
    assert http_server.requests == []


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.0.0.1", "017700000001", "[::ffff:127.0.0.1]", "[::]"])
def test_odd_spellings_of_loopback_are_refused(http_server, host):
    with pytest.raises((FetchForbidden, FeedUnreachable)):
        HttpFetcher(FetchPolicy(ports=(http_server.port,))).fetch(request(f"http://{host}:{http_server.port}/"))
    assert http_server.requests == []


def test_the_address_that_was_checked_is_the_one_connected_to(http_server):
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked = []

    def rebinding(host):
        asked.append(host)
        return answers[len(asked) - 1]

    http_server.reply("/f", b"x")
    one = HttpFetcher(policy(), resolve=rebinding)
    assert one.fetch(request(f"http://rebind.example:{http_server.port}/f")).body == b"x"
    assert asked == ["rebind.example"]
    with pytest.raises(FetchForbidden, match="private network"):
        one.fetch(request(f"http://rebind.example:{http_server.port}/f"))
    assert len(http_server.requests) == 1


def test_forbidden_addresses_of_a_name_are_passed_over(http_server):
    http_server.reply("/f", b"x")
    one = HttpFetcher(policy(), resolve=lambda _: ["10.0.0.1", "127.0.0.1"])
    assert one.fetch(request(f"http://two.example:{http_server.port}/f")).body == b"x"


@pytest.mark.parametrize("pattern", ["feeds.example", "*.example", "*"])
def test_connect_to_changes_the_connection_only(http_server, pattern):
    http_server.reply("/f", b"x")
    one = fetcher(connect_to={pattern: f"127.0.0.1:{http_server.port}"})
    result = one.fetch(request("http://feeds.example/f"))
    assert result.final_url == "http://feeds.example/f"
    assert http_server.requests[0].headers["host"] == b"feeds.example"


def test_connect_to_is_guarded_all_the_same(http_server):
    one = HttpFetcher(FetchPolicy(connect_to={"feeds.example": f"127.0.0.1:{http_server.port}"}))
    with pytest.raises(FetchForbidden, match="loopback"):
        one.fetch(request("http://feeds.example/f"))


# Errors


@pytest.mark.parametrize(
    ("error", "statuses"),
    [
        (FeedRefused, (400, 401, 403, 404, 451)),
        (FeedGone, (410,)),
        (FeedBusy, (429, 503)),
        (FeedUnreachable, (204, 408, 500, 502, 599)),
    ],
    ids=["refused", "gone", "busy", "unreachable"],
)
def test_statuses_have_their_errors(http_server, error, statuses):
    for status in statuses:
        http_server.reply(f"/{status}", b"words", status=status)
        with pytest.raises(error, match=str(status)) as caught:
            fetcher().fetch(request(http_server.url(f"/{status}")))
        assert caught.value.status == status
        assert caught.value.url == http_server.url(f"/{status}")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("-5", 0.0),
        ("soon", None),
        ("", None),
        ("Mon, 04 Mar 2019 10:05:00 GMT", 300.0),
        ("Mon, 04 Mar 2019 09:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(http_server, value, seconds):
    http_server.reply("/f", status=429, headers={"Retry-After": value, "Date": "Mon, 04 Mar 2019 10:00:00 GMT"})
    with pytest.raises(FeedBusy) as caught:
        fetcher().fetch(request(http_server.url("/f")))
    assert caught.value.retry_after_s == seconds


def test_a_challenge_is_told_as_one(http_server):
    http_server.reply("/f", b"<html>", status=503, headers={"cf-mitigated": "challenge"})
    with pytest.raises(FeedRefused, match="challenge"):
        fetcher().fetch(request(http_server.url("/f")))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)
def test_answers_that_are_not_http_are_errors(http_server, raw):
    http_server.raw("/f", raw)
    with pytest.raises(FeedUnreachable):
        fetcher(idle_timeout_s=0.3).fetch(request(http_server.url("/f")))


def test_refused_connection_and_unknown_name_are_told(http_server):
    http_server.close()
    with pytest.raises(FeedUnreachable, match="refused"):
        fetcher(connect_timeout_s=1).fetch(request(http_server.url("/")))

    def unknown(host):
        raise OSError(-2, "Name or service not known")

    with pytest.raises(FeedUnreachable, match=r"no\.example has no address"):
        HttpFetcher(policy(), resolve=unknown).fetch(request("http://no.example/"))


# Bodies (F31-F33)


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda b: zlib.compress(b)[2:-4]),
        ("identity", bytes),
    ],
)
def test_codings_are_decoded(http_server, coding, encode):
    body = b"<rss>" + bytes(range(256)) * 5000
    http_server.reply("/f", encode(body), headers={"Content-Encoding": coding})
    assert fetcher().fetch(request(http_server.url("/f"), max_bytes=2_000_000)).body == body


def test_chunked_and_unbounded_bodies_are_read(http_server):
    http_server.reply("/c", b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", headers={"Transfer-Encoding": "chunked"})
    http_server.reply("/u", b"until the end", length=False)
    assert fetcher().fetch(request(http_server.url("/c"))).body == b"abcde"
    assert fetcher().fetch(request(http_server.url("/u"))).body == b"until the end"


@pytest.mark.parametrize(
    ("headers", "body", "length"),
    [
        ({}, b"short", 100),
        ({"Transfer-Encoding": "chunked"}, b"5\r\nabcde\r\n", None),
        ({"Transfer-Encoding": "chunked"}, b"ff\r\nabc", None),
        ({"Content-Encoding": "gzip"}, gzip.compress(b"x" * 10_000)[:-9], None),
        ({"Content-Encoding": "gzip"}, b"not gzip", None),
        ({"Content-Encoding": "br"}, b"\x0b\x02\x80abc\x03", None),
    ],
    ids=["length lies", "last chunk missing", "chunk cut", "gzip cut", "gzip lie", "brotli unasked"],
)
def test_broken_bodies_are_errors_never_shorter_bodies(http_server, headers, body, length):
    http_server.reply("/f", body, headers=headers, length=length)
    with pytest.raises(FeedUnreachable):
        fetcher().fetch(request(http_server.url("/f")))


def test_too_large_bodies_stop_early(http_server):
    http_server.reply("/said", b"x" * 2000)
    http_server.reply("/unsaid", b"x" * 2000, length=False)
    http_server.reply("/bomb", gzip.compress(b"x" * 2000), headers={"Content-Encoding": "gzip"})
    for target in ("/said", "/unsaid", "/bomb"):
        with pytest.raises(FetchTooLarge, match="1000"):
            fetcher().fetch(request(http_server.url(target), max_bytes=1000))


@pytest.mark.parametrize("coding", ["", "gzip"])
@pytest.mark.parametrize("length", [None, False])
def test_where_the_beginning_is_enough_a_longer_body_is_cut_there(http_server, coding, length):
    body = b"0123456789" * 500
    http_server.reply(
        "/f", gzip.compress(body) if coding else body, headers={"Content-Encoding": coding} if coding else {}, length=length
    )
    enough = FetchRequest(http_server.url("/f"), Accept.ROBOTS, 1234, cut=True)
    assert fetcher().fetch(enough).body == body[:1234]


def test_no_hop_goes_to_a_host_that_asked_to_wait(http_server):
    http_server.reply("/a", status=302, headers={"Location": "http://busy.example/b"})
    now = datetime(2019, 3, 4, 10, tzinfo=UTC)
    one = HttpFetcher(policy(connect_to={"*": f"127.0.0.1:{http_server.port}"}), wall=lambda: now)
    blocks = {"busy.example": now + timedelta(minutes=5), "past.example": now}
    with pytest.raises(FeedBusy, match="until 2019-03-04 10:05 UTC") as caught:
        one.fetch(FetchRequest("http://free.example/a", Accept.FEED, 1000, blocks=blocks))
    assert (caught.value.status, caught.value.retry_after_s) == (None, 300.0)
    http_server.reply("/p", b"x")
    assert one.fetch(FetchRequest("http://past.example/p", Accept.FEED, 1000, blocks=blocks)).body == b"x"
    assert [sent.target for sent in http_server.requests] == ["/a", "/p"]


def test_nested_codings_are_refused(http_server):
    http_server.reply(
        "/f", gzip.compress(gzip.compress(b"x")), headers=[("Content-Encoding", "gzip"), ("Content-Encoding", "gzip")]
    )
    with pytest.raises(FetchTooLarge, match="nested"):
        fetcher().fetch(request(http_server.url("/f")))


BOMB = """
import sys, tracemalloc
from ipaddress import ip_network
from monitor.feeds.http import HttpFetcher
from monitor.model.errors import FetchTooLarge
from monitor.model.fetch import Accept, FetchPolicy, FetchRequest
fetcher = HttpFetcher(FetchPolicy(host_delay_s=0, allow_private=(ip_network("127.0.0.0/8"),)))
tracemalloc.start()
try:
    fetcher.fetch(FetchRequest(sys.argv[1], Accept.FEED, 10 * 1024 * 1024))
except FetchTooLarge:
    print(tracemalloc.get_traced_memory()[1])
"""


def test_a_gzip_bomb_costs_less_than_40_mb(http_server):
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    http_server.reply("/f", bomb, headers={"Content-Encoding": "gzip"})
    done = subprocess.run([sys.executable, "-c", BOMB, http_server.url("/f")], capture_output=True, text=True, check=True)
    assert len(bomb) < 250_000
    assert 0 < int(done.stdout) < 40_000_000


# Time (F30)


@pytest.mark.parametrize(
    "head",
    [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"],
    ids=["status line", "header", "body of known length", "body without length"],
)
def test_drips_end_at_the_deadline(http_server, head):
    http_server.raw("/f", head, drip=b"x", drip_s=0.02)
    begun = time.monotonic()
    with pytest.raises(FeedUnreachable, match=r"not finished within 0\.4 s"):
        fetcher(total_timeout_s=0.4, idle_timeout_s=5).fetch(request(http_server.url("/f")))
    assert time.monotonic() - begun < 2


def test_silence_ends_at_the_idle_time(http_server):
    http_server.raw("/f", b"HTTP/1.1 200 OK\r\n\r\nx", drip=b"y", drip_s=3)
    with pytest.raises(FeedUnreachable, match=r"no data for 0\.2 s"):
        fetcher(idle_timeout_s=0.2).fetch(request(http_server.url("/f")))


def test_a_slow_name_service_is_not_waited_for():
    release = threading.Event()

    def slow(host):
        release.wait(5)
        return ["127.0.0.1"]

    with pytest.raises(FeedUnreachable, match="name service"):
        HttpFetcher(policy(connect_timeout_s=0.1), resolve=slow).fetch(request("http://slow.example/"))
    release.set()


# Turns (F26)


def test_starts_at_one_host_are_spaced_and_hosts_do_not_wait_for_each_other(http_servers):
    one, two, clock = http_servers(), http_servers(), FakeTime()
    one.reply("/f", b"x")
    two.reply("/f", b"x")
    shared = HttpFetcher(policy(host_delay_s=5.0, total_timeout_s=1.0), monotonic=clock.monotonic, sleep=clock.sleep)
    shared.fetch(request(one.url("/f")))
    shared.fetch(request(two.url("/f")))
    assert clock.slept == []
    clock.now += 2
    shared.fetch(request(one.url("/f")))
    assert clock.slept == [3.0]


def test_hops_at_the_same_host_follow_at_once(http_server):
    clock = FakeTime()
    http_server.reply("/a", status=302, headers={"Location": "/b"})
    http_server.reply("/b", b"x")
    HttpFetcher(policy(host_delay_s=5.0), monotonic=clock.monotonic, sleep=clock.sleep).fetch(request(http_server.url("/a")))
    assert clock.slept == []


def test_one_request_at_a_time_per_host(http_server):
    http_server.raw("/slow", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", drip=b"x", drip_s=0.05)
    shared = fetcher()
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(shared.fetch(request(http_server.url("/slow"))).body)) for _ in range(3)
    ]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert results == [b"xxx"] * 3
    assert time.monotonic() - begun >= 0.4  # three times three drips, one after the other


# TLS (F34)


def test_an_unknown_certificate_is_refused(tls_server):
    with pytest.raises(FeedUnreachable, match="certificate is not valid"):
        fetcher(connect_to={"feeds.example": f"127.0.0.1:{tls_server.port}"}).fetch(request("https://feeds.example/f"))
    assert tls_server.requests == []


def test_names_and_certificates_must_agree_also_with_connect_to(tls_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    tls_server.reply("/f", b"secret")
    one = fetcher(connect_to={"*.example": f"127.0.0.1:{tls_server.port}"})
    assert one.fetch(request("https://feeds.example/f")).body == b"secret"
    with pytest.raises(FeedUnreachable, match="certificate is not valid"):
        one.fetch(request("https://other.example/f"))


def test_https_never_falls_back_to_http(tls_server, http_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    tls_server.reply("/f", status=301, headers={"Location": "http://feeds.example/f"})
    with pytest.raises(FetchForbidden, match="from https to http"):
        fetcher(connect_to={"feeds.example": f"127.0.0.1:{tls_server.port}"}).fetch(request("https://feeds.example/f"))
    plain = fetcher(connect_to={"feeds.example": f"127.0.0.1:{http_server.port}"}, connect_timeout_s=0.3)
    with pytest.raises(FeedUnreachable):
        plain.fetch(request("https://feeds.example/f"))
    assert http_server.requests == []
