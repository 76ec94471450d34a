"""The zoo: answers and addresses that harm feed readers. Each is survived in time, gives its reason, and no feed beside it suffers.

The table `docs/reference/hostile-responses.md` is written by this test: `UPDATE_GOLDEN=1 pytest tests/feeds/zoo`.
"""

import contextlib
import gzip
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_network
from itertools import count
from pathlib import Path

import pytest

from monitor import pipeline
from monitor.bootstrap import load_shipped
from monitor.feeds.health import shown_state
from monitor.feeds.http import HttpFetcher
from monitor.feeds.wire import system_addresses
from monitor.model.feed import Feed
from monitor.model.fetch import FetchPolicy, PollOutcome
from monitor.store.promises import ArticleQuery
from monitor.testing import FakeFetcher, FixedClock, fake_parts

HERE = Path(__file__).resolve()
PAGE = HERE.parents[3] / "docs" / "reference" / "hostile-responses.md"
ZOO, MEADOW = "127.77.0.1", "127.77.0.2"
DEADLINE_S, SLACK_S, MEMORY_MIB = 0.5, 2.0, 40
BUSY = 2  # a core shared with the other half of the tests does half the work in a second of its time
LIMIT = 12 * 1024 * 1024
START = datetime(2026, 3, 4, 10, tzinfo=UTC)
ITEM = (
    "<item><title>Ships stay home</title><guid isPermaLink='false'>1</guid><description>Ice in the harbour.</description></item>"
)
NOTHING = b""


def rss(inner=ITEM, head=""):
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>Ships</title>{inner}</channel></rss>'


def ok(body, *headers, status="200 OK", length=None):
    """A whole answer."""
    body = body.encode() if isinstance(body, str) else body
    lines = [
        f"HTTP/1.1 {status}",
        *headers,
        *([] if length is False else [f"Content-Length: {len(body) if length is None else length}"]),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def redirect(to, status="302 Found"):
    return ok("", f"Location: {to}", status=status)


def chunked(*pieces, end=b"0\r\n\r\n"):
    whole = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + whole + end


def raw_chunks(text):
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + text


def drip(start, piece=b" ", pause_s=0.03):
    """Sends `start`, then `piece` again and again until the client leaves."""

    def send(connection):
        connection.sendall(start)
        while True:
            time.sleep(pause_s)
            connection.sendall(piece)

    return send


def flood(start, piece):
    """As `drip`, as fast as the wire takes it."""
    return drip(start, piece, 0.0)


def silence(start):
    """Sends `start` and no more, and does not close."""

    def send(connection):
        connection.sendall(start)
        connection.recv(1)

    return send


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def bomb(mib):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(b"\0" * 1024 * 1024) for _ in range(mib)), packer.flush()])


def laughs(levels=12):
    entities = "".join(f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" for n in range(1, levels))
    return rss("<item><title>&l11;</title></item>", f'<!DOCTYPE rss [<!ENTITY l0 "ha">{entities}]>')


def items(number, text="<title>n {0}</title><guid>{0}</guid>"):
    return rss("".join(f"<item>{text.format(place)}</item>" for place in range(number)))


HTML = "<html><head><title>{}</title></head><body>{}</body></html>"
SELF = "SELF"
"""Stands for the address of the zoo in what a case sends."""

# name → (what it does, what is sent: bytes, a list of bodies for one poll each, or a function of the connection)
ANSWERS = {
    "drip-status": ("a status line, byte by byte for ever", drip(b"HTTP", b"/")),
    "drip-header": ("a header, byte by byte for ever", drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a")),
    "drip-headers": ("headers without end, slowly", drip(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n")),
    "drip-body": ("a body, byte by byte for ever", drip(ok("<rss>", length=10**6))),
    "drip-chunks": ("chunks of one byte for ever", drip(raw_chunks(b""), b"1\r\n \r\n")),
    "drip-chunk-size": ("a chunk's size that never ends", drip(raw_chunks(b""), b"0")),
    "drip-redirects": ("redirects that take their time", lambda c: (time.sleep(0.2), c.sendall(redirect(f"/drip-redirects?{time.monotonic()}")))),
    "silent-accept": ("no answer at all", silence(NOTHING)),
    "silent-headers": ("headers, then silence", silence(ok("", length=500))),
    "silent-body": ("half a body, then silence", silence(ok(rss()[:60], length=500))),
    "closed": ("the connection closed at once", NOTHING),
    "reset": ("the connection reset", reset),
    "cut-status": ("the connection closed in the status line", b"HTTP/1.1 20"),
    "cut-headers": ("the connection closed in the headers", b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "redirect-self": ("a redirect to itself", redirect("/redirect-self")),
    "redirect-pair": ("two addresses that redirect to each other", lambda c: None),
    "redirect-endless": ("always a redirect to yet another address", lambda c: c.sendall(redirect(f"/redirect-endless?{time.monotonic_ns()}"))),
    "redirect-nowhere": ("a redirect without an address", ok("", status="301 Moved")),
    "redirect-empty": ("a redirect to an empty address", redirect("")),
    "redirect-javascript": ("a redirect to javascript:", redirect("javascript:alert(1)")),
    "redirect-file": ("a redirect to a file", redirect("file:///etc/passwd")),
    "redirect-ftp": ("a redirect to FTP", redirect("ftp://example.org/feed")),
    "redirect-data": ("a redirect to data:", redirect("data:text/xml,<rss/>")),
    "redirect-private": ("a redirect into a private network", redirect("http://10.0.0.1/feed")),
    "redirect-loopback": ("a redirect to loopback", redirect("http://127.0.0.1/feed")),
    "redirect-metadata": ("a redirect to a cloud's metadata service", redirect("http://169.254.169.254/latest/meta-data/")),
    "redirect-mapped": ("a redirect to loopback, mapped into IPv6", redirect("http://[::ffff:127.0.0.1]/")),
    "redirect-port": ("a redirect to a mail server's port", redirect("http://93.184.216.34:25/")),
    "redirect-user": ("a redirect with a user name", redirect("http://admin:admin@93.184.216.34/")),
    "redirect-long": ("a redirect to an address of 5,000 characters", redirect("/" + "a" * 5000)),
    "redirect-broken": ("a redirect to half an IPv6 address", redirect("http://[::1")),
    "redirect-backslash": ("a redirect that hides its host behind a backslash", redirect("http://93.184.216.34\\@10.0.0.1/")),
    "multiple-choices": ("300 with a list", ok("choose", status="300 Multiple Choices")),
    "unasked-304": ("304 to a request without condition", ok("", status="304 Not Modified")),
    "length-long": ("a Content-Length longer than the body", ok(rss(), length=5000)),
    "length-short": ("a Content-Length shorter than the body", ok(rss(), length=40)),
    "length-negative": ("a negative Content-Length", ok(rss(), length=-5)),
    "length-word": ("a Content-Length that is no number", ok(rss(), length="many")),
    "length-huge": ("a Content-Length of a petabyte", ok(rss(), length=10**15)),
    "length-twice": ("two Content-Lengths that differ", ok(rss(), "Content-Length: 7")),
    "length-and-chunks": ("both a Content-Length and chunks", chunked(rss().encode()).replace(b"Transfer", b"Content-Length: 3\r\nTransfer")),
    "chunk-word": ("a chunk whose size is no number", raw_chunks(b"xyz\r\nabc\r\n")),
    "chunk-negative": ("a chunk of negative size", raw_chunks(b"-5\r\nabc\r\n")),
    "chunk-huge": ("a chunk of 16 exabytes", raw_chunks(b"ffffffffffffffff\r\nabc\r\n")),
    "chunk-cut": ("chunks without the last one", chunked(rss().encode(), end=b"")),
    "chunk-cut-inside": ("a chunk cut in its middle", raw_chunks(b"fff\r\n<rss>")),
    "chunk-line": ("a chunk's size line of a megabyte", raw_chunks(b"5;" + b"x" * 10**6 + b"\r\n<rss>\r\n0\r\n\r\n")),
    "chunk-trailers": ("trailers without end after the last chunk", flood(chunked(rss().encode(), end=b"0\r\n"), b"X-Trailer: 1\r\n" * 500)),
    "flood-body": ("a body without end, at full speed", flood(ok("<rss>", length=False), b" " * 65536)),
    "flood-chunks": ("chunks without end, at full speed", flood(raw_chunks(b""), b"ffff\r\n" + b" " * 65535 + b"\r\n")),
    "flood-status": ("a status line without end, at full speed", flood(b"HTTP/1.1 200 ", b"O" * 65536)),
    "flood-header": ("a header without end, at full speed", flood(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65536)),
    "flood-headers": ("headers without end, at full speed", flood(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1000)),
    "flood-100": ("100 Continue without end", flood(NOTHING, b"HTTP/1.1 100 Continue\r\n\r\n" * 100)),
    "flood-103": ("103 Early Hints without end, slowly", drip(NOTHING, b"HTTP/1.1 103 Early Hints\r\n\r\n")),
    "gzip-bomb": ("200 MB of zeros as 200 kB of gzip", ok(bomb(200), "Content-Encoding: gzip")),
    "deflate-bomb": ("a bomb in deflate", ok(zlib.compress(b"\0" * 60_000_000, 9), "Content-Encoding: deflate")),
    "gzip-nested": ("a bomb packed twice, and said so", ok(gzip.compress(bomb(200)), "Content-Encoding: gzip, gzip")),
    "gzip-nested-headers": ("a bomb packed twice, said in two headers", ok(gzip.compress(bomb(20)), "Content-Encoding: gzip", "Content-Encoding: gzip")),
    "gzip-hidden": ("a bomb packed twice, said once", ok(gzip.compress(bomb(200)), "Content-Encoding: gzip")),
    "gzip-file": ("a bomb as a .gz file", ok(bomb(200), "Content-Type: application/gzip")),
    "gzip-members": ("100,000 empty gzip members", ok(gzip.compress(b"") * 100_000, "Content-Encoding: gzip")),
    "gzip-cut": ("gzip that stops in the middle", ok(gzip.compress(rss().encode())[:-20], "Content-Encoding: gzip")),
    "gzip-torn": ("gzip with a wrong checksum", ok(gzip.compress(rss().encode())[:-8] + b"01234567", "Content-Encoding: gzip")),
    "gzip-padded": ("gzip with garbage behind it", ok(gzip.compress(rss().encode()) + b"\0garbage" * 9, "Content-Encoding: gzip")),
    "gzip-lie": ("called gzip, and is not", ok(rss(), "Content-Encoding: gzip")),
    "identity-lie": ("gzip that is called nothing", ok(gzip.compress(rss().encode()))),
    "br-unasked": ("Brotli, which was not asked for", ok(b"\x8b\x02\x80", "Content-Encoding: br")),
    "zstd-unasked": ("Zstandard, which was not asked for", ok(b"\x28\xb5\x2f\xfd", "Content-Encoding: zstd")),
    "coding-list": ("a thousand codings", ok(rss(), "Content-Encoding: " + "gzip, " * 1000 + "br")),
    "garbage-status": ("garbage in place of a status line", b"\x00\xff\xfe garbage\r\n\r\n"),
    "http-09": ("HTTP/0.9: the body alone", rss().encode()),
    "http-99": ("an unknown version of HTTP", ok(rss()).replace(b"HTTP/1.1", b"HTTP/9.9")),
    "status-word": ("a status that is no number", ok(rss(), status="OK fine")),
    "status-999": ("status 999", ok(rss(), status="999 Go Away")),
    "status-000": ("status 000", ok(rss(), status="000 Nothing")),
    "status-101": ("101 Switching Protocols", ok("", status="101 Switching Protocols")),
    "status-206": ("half of it, with 206", ok(rss(), status="206 Partial Content")),
    "status-204": ("204 No Content", ok("", status="204 No Content")),
    "header-bomb": ("10,000 headers", ok(rss(), *(f"X-{n}: {n}" for n in range(10_000)))),
    "header-long": ("a header of a megabyte", ok(rss(), "X: " + "x" * 10**6)),
    "header-nul": ("NUL bytes in headers", ok(rss(), 'ETag: "a\0b"', "X-\0: y")),
    "header-no-colon": ("a header without colon", ok(rss(), "this is no header")),
    "header-folded": ("a header folded over lines", ok(rss(), "X: a\r\n b\r\n c")),
    "header-etag-newline": ("an ETag with a bare line feed that would smuggle a header", ok(rss(), 'ETag: "a\nX-Evil: 1"')),
    "smuggled": ("a second answer behind the first", ok(rss()) + ok(rss("<item><title>Smuggled</title></item>"))),
    "tls-on-http": ("TLS where HTTP was asked", b"\x15\x03\x01\x00\x02\x02\x28"),
    "smtp": ("a mail server", b"220 mail.example.org ESMTP\r\n"),
    "ssh": ("an SSH server", b"SSH-2.0-OpenSSH_9.6\r\n"),
    "busy-for-ever": ("429 with a Retry-After of 300 years", ok("", "Retry-After: 9999999999", status="429 Too Many Requests")),
    "busy-garbage": ("503 with a Retry-After of garbage", ok("", "Retry-After: -5; soon", status="503 Service Unavailable")),
    "challenge": ("a challenge page with status 200", ok(HTML.format("Just a moment...", "<div class=cf-chl>Checking your browser</div>"), "Content-Type: text/html")),
    "captive": ("the login page of a network", ok(HTML.format("Wi-Fi", "<form><input type=password></form>"), "Content-Type: application/rss+xml")),
    "soft-404": ("“not found” with status 200", ok(HTML.format("404 Not Found", ""), "Content-Type: text/html")),
    "empty": ("an empty body", ok("")),
    "spaces": ("a megabyte of spaces", ok(" " * 10**6)),
    "nul": ("a megabyte of NUL bytes", ok(b"\0" * 10**6)),
    "nul-inside": ("NUL bytes between all letters of a feed", ok(rss().replace("Ships", "S\0h\0i\0p\0s"))),
    "laughs": ("an entity bomb (billion laughs)", ok(laughs())),
    "quadratic": ("an entity bomb of one level (quadratic blow-up)", ok(rss("<item><title>" + "&a;" * 20_000 + "</title></item>", '<!DOCTYPE rss [<!ENTITY a "' + "a" * 20_000 + '">]>'))),
    "entity-self": ("an entity that names itself", ok(rss("<item><title>&a;</title></item>", '<!DOCTYPE rss [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'))),
    "entity-file": ("an entity that is a file of ours", ok(rss("<item><title>&x;</title></item>", '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'))),
    "entity-parameter": ("a parameter entity from the network", ok(rss(ITEM, '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>'))),
    "dtd-external": ("a document type from the network", ok(rss(ITEM, '<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd">'))),
    "xinclude": ("XInclude of a file of ours", ok(rss('<item><title>x</title><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/></item>'))),
    "path": ("a path of ours as the body", ok("/etc/passwd")),
    "address": ("an address as the body", ok("http://127.0.0.1/feed.xml")),
    "control": ("control characters in XML", ok(rss("<item><title>a\x01\x02\x0b\x1b[31mb</title></item>"))),
    "surrogates": ("half surrogate pairs as references", ok(rss("<item><title>a&#xD800;b&#0;&#xFFFFFFFF;</title></item>"))),
    "charset-lie": ("called UTF-16, is UTF-8", ok(rss(ITEM.replace("Ships", "Суда")), "Content-Type: text/xml; charset=utf-16")),
    "charset-unknown": ("a charset that does not exist", ok(rss(), "Content-Type: text/xml; charset=x-evil-0")),
    "charset-codec": ("a charset that is a codec of another kind", ok(rss(), "Content-Type: text/xml; charset=zlib_codec")),
    "utf-7": ("markup hidden in UTF-7", ok(rss("<item><title>+ADw-script+AD4-</title></item>"), "Content-Type: text/xml; charset=utf-7")),
    "utf-16-bare": ("UTF-16 without mark or declaration", ok(rss().replace('<?xml version="1.0"?>', "").encode("utf-16-le"))),
    "title-10mb": ("a title of 10 MB", ok(rss(f"<item><title>{'harbour ' * 1_300_000}</title><guid>1</guid></item>"))),
    "title-10mb-tags": ("a title of 10 MB of opened tags", ok(rss(f"<item><title>{'&lt;b&gt;' * 1_150_000}</title><guid>1</guid></item>"))),
    "entries-100000": ("100,000 entries", ok(items(100_000))),
    "entries-100000-broken": ("100,000 entries, not well formed", ok(items(100_000).replace("</channel>", ""))),
    "entries-100000-odd": ("100,000 entries of a kind that is read slowly", ok(items(100_000, "<title>n</title><x:y xmlns:x='urn:x'>{0}</x:y>"))),
    "deep": ("100,000 elements inside each other", ok(rss("<a>" * 100_000 + "</a>" * 100_000))),
    "deep-title": ("a title of 100,000 elements inside each other", ok(rss(f"<item><title>{'&lt;b&gt;' * 100_000}x</title><guid>1</guid></item>"))),
    "deep-unclosed": ("100,000 elements that are never closed", ok('<rss version="2.0"><channel>' + "<item>" * 100_000)),
    "attributes": ("an element with 100,000 attributes", ok(rss("<item " + " ".join(f"a{n}='{n}'" for n in range(100_000)) + "><title>x</title></item>"))),
    "namespaces": ("20,000 namespaces", ok(rss("<item " + " ".join(f"xmlns:a{n}='urn:{n}'" for n in range(20_000)) + "><title>x</title></item>"))),
    "cdata-open": ("a CDATA section that never ends", ok(rss("<item><title><![CDATA[" + "x" * 10**6))),
    "comment-open": ("a comment that never ends", ok('<rss version="2.0"><channel><!--' + " - " * 10**6)),
    "doctype-open": ("a document type that never ends", ok("<!DOCTYPE rss [" + "<!ELEMENT a ANY>" * 50_000)),
    "less-than": ("a megabyte of <", ok("<rss" + "<" * 10**6)),
    "links-javascript": ("links to javascript:, data: and files", ok(rss("".join(f"<item><title>{n} t</title><link>{link}</link><guid isPermaLink='true'>{link}</guid></item>" for n, link in enumerate(["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "//", "http://"]))))),
    "links-private": ("entries that link into private networks", ok(rss("".join(f"<item><title>{n} t</title><link>http://{host}/</link></item>" for n, host in enumerate(["127.0.0.1", "169.254.169.254", "[::1]"]))))),
    "title-markup": ("markup and scripts in titles", ok(rss("<item><title>&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;Ice</title><guid>1</guid></item>"))),
    "title-bidi": ("letters that turn the line around in a title", ok(rss("<item><title>\u202efdp.exe\u2066\u200b</title><guid>1</guid></item>"))),
    "dates-wild": ("dates of the years 0, 9999 and 10^20", ok(rss("".join(f"<item><title>{n} t</title><pubDate>{date}</pubDate></item>" for n, date in enumerate(["Mon, 01 Jan 0000 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "9" * 20, "1" * 5000]))))),
    "ttl-huge": ("a ttl of 10^30 minutes, and skipHours of all hours", ok(rss(f"<ttl>{10**30}</ttl><skipHours>{''.join(f'<hour>{n}</hour>' for n in range(25))}</skipHours>{ITEM}"))),
    "re-dated": ("the same entries with new dates at each poll", [rss(ITEM.replace("</item>", f"<pubDate>Wed, 04 Mar 2026 1{n}:00:00 GMT</pubDate></item>")) for n in range(3)]),
    "re-guided": ("the same entries with new guids at each poll", [rss(f"<item><title>Ships stay in the harbour</title><guid isPermaLink='false'>{n}</guid><link>http://{ZOO}:PORT/page</link></item>") for n in range(3)]),
    "json-deep": ("JSON 100,000 levels deep", ok('{"a":' * 100_000)),
    "json-numbers": ("JSON Feed with numbers that no machine holds", ok('{"version":"https://jsonfeed.org/version/1","items":[{"id":1e999999,"title":1},{"id":' + "9" * 5000 + "}]}")),
    "json-kinds": ("JSON Feed whose items are of every wrong kind", ok('{"version":"https://jsonfeed.org/version/1","title":[],"items":[null,1,"x",[],{"id":{},"url":7,"title":"Ice\\ud800"}]}')),
    "json-no-feed": ("JSON that is no feed", ok('{"error": "rate limited"}')),
    "image": ("an image", ok(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "Content-Type: image/png")),
    "zip": ("an archive", ok(b"PK\x03\x04" + bytes(range(256)) * 40, "Content-Type: application/rss+xml")),
    "opml": ("a list of feeds instead of a feed", ok('<?xml version="1.0"?><opml version="2.0"><body><outline xmlUrl="http://127.0.0.1/"/></body></opml>' + " " * 200)),
    "xslt": ("a stylesheet of its own from a file of ours", ok(rss(ITEM, '<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>'))),
}  # fmt: skip

# name → (what it is, the address); PORT is where the zoo listens
ADDRESSES = {
    "host-loopback": ("loopback", "http://127.0.0.1/f"),
    "host-decimal": ("loopback as one decimal number", "http://2130706433/f"),
    "host-octal": ("loopback in octal", "http://0177.0.0.1/f"),
    "host-hex": ("loopback in hexadecimal", "http://0x7f000001/f"),
    "host-hex-dotted": ("loopback in hexadecimal parts", "http://0x7f.0x0.0x0.0x1/f"),
    "host-short": ("loopback with parts left out", "http://127.1/f"),
    "host-zero": ("the unspecified address", "http://0.0.0.0/f"),
    "host-zero-short": ("the unspecified address as 0", "http://0/f"),
    "host-localhost": ("localhost", "http://localhost/f"),
    "host-localhost-dot": ("localhost with a final dot", "http://localhost./f"),
    "host-wide-digits": ("loopback in full-width digits", "http://１２７.０.０.１/f"),
    "host-v6-loopback": ("IPv6 loopback", "http://[::1]/f"),
    "host-v6-long": ("IPv6 loopback written out", "http://[0:0:0:0:0:0:0:1]/f"),
    "host-v6-mapped": ("loopback mapped into IPv6", "http://[::ffff:127.0.0.1]/f"),
    "host-v6-mapped-hex": ("loopback mapped into IPv6, in hexadecimal", "http://[::ffff:7f00:1]/f"),
    "host-v6-compatible": ("loopback in an IPv4-compatible address", "http://[::7f00:1]/f"),
    "host-v6-nat64": ("loopback behind NAT64", "http://[64:ff9b::7f00:1]/f"),
    "host-v6-6to4": ("loopback in 6to4", "http://[2002:7f00:1::]/f"),
    "host-v6-teredo": ("a Teredo address", "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/f"),
    "host-v6-local": ("link-local with a zone", "http://[fe80::1%25lo]/f"),
    "host-v6-unique": ("unique local", "http://[fd00::1]/f"),
    "host-v6-unspecified": ("the unspecified IPv6 address", "http://[::]/f"),
    "host-10": ("a private network", "http://10.0.0.1/f"),
    "host-172": ("another private network", "http://172.16.0.1/f"),
    "host-192": ("a home network", "http://192.168.1.1/f"),
    "host-metadata": ("a cloud's metadata service", "http://169.254.169.254/latest/"),
    "host-carrier": ("a carrier's shared network", "http://100.64.0.1/f"),
    "host-multicast": ("multicast", "http://224.0.0.1/f"),
    "host-broadcast": ("broadcast", "http://255.255.255.255/f"),
    "host-reserved": ("a reserved network", "http://240.0.0.1/f"),
    "host-test-net": ("a network for documentation", "http://192.0.2.1/f"),
    "name-private": ("a public name with a private address", "http://private.example/f"),
    "name-mapped": ("a public name with a mapped loopback address", "http://mapped.example/f"),
    "name-rebinding": ("a name whose second answer is another address", "http://rebinding.example:PORT/again"),
    "name-none": ("a name without an address", "http://nowhere.invalid/f"),
    "name-slow": ("a name service that does not answer", "http://slow.example/f"),
    "name-long": ("a name longer than names can be", f"http://{'a' * 64}.example/f"),
    "user": ("an address with a user name", f"http://example.org@{ZOO}:PORT/f"),
    "backslash": ("a host behind a backslash", "http://example.org\\@10.0.0.1/f"),
    "port": ("a port of another service", "http://93.184.216.34:22/f"),
    "scheme-file": ("a file", "file:///etc/passwd"),
    "scheme-gopher": ("Gopher", "gopher://127.0.0.1:6379/_FLUSHALL"),
    "scheme-none": ("no scheme", "//127.0.0.1/f"),
}
CASES = sorted([*ANSWERS, *ADDRESSES])
ALIVE = {"smuggled", "gzip-padded", "gzip-members", "header-folded"}


class Zoo:
    """A server on an address of its own: answers `/name` as the case says, and a healthy feed on the meadow beside."""

    def __init__(self):
        self.asked = count()
        self.listeners = [socket.create_server((ZOO, 0), backlog=64), socket.create_server((MEADOW, 0), backlog=64)]
        self.ports = [listener.getsockname()[1] for listener in self.listeners]
        self.polls = {}
        self.resolved = count()
        for listener in self.listeners:
            threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self.serve, args=(connection, listener is self.listeners[1]), daemon=True).start()

    def serve(self, connection, healthy):
        with connection, contextlib.suppress(OSError):
            connection.settimeout(3)
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65536) or b"\r\n\r\n"
            target = head.split(b" ")[1].decode("latin-1")
            if healthy:
                connection.sendall(ok(rss()))
            else:
                self.answer(connection, target)

    def answer(self, connection, target):
        name = target.strip("/").partition("?")[0]
        if name == "page":
            connection.sendall(
                ok(HTML.format("Ships", "<p>Ice in the harbour keeps the ships at home.</p>" * 9), "Content-Type: text/html")
            )
            return
        if name in {"redirect-pair", "redirect-pair-2"}:
            connection.sendall(redirect("/redirect-pair-2" if name == "redirect-pair" else "/redirect-pair"))
            return
        if name == "again":
            connection.sendall(redirect("/again?2"))
            return
        if name not in ANSWERS:
            connection.sendall(ok("", status="404 Not Found"))
            return
        sent = ANSWERS[name][1]
        if isinstance(sent, list):
            at = self.polls.get(name, 0)
            self.polls[name] = at + 1
            sent = ok(sent[at % len(sent)].replace("PORT", str(self.ports[0])))
        if callable(sent):
            sent(connection)
        else:
            connection.sendall(sent)

    def resolve(self, host):
        if host == "slow.example":
            time.sleep(2)
        if host == "rebinding.example":
            return [ZOO] if next(self.resolved) % 2 == 0 else ["127.0.0.1"]
        known = {
            "private.example": ["192.168.0.7"],
            "mapped.example": ["::ffff:127.0.0.1"],
            "nowhere.invalid": [],
            "slow.example": [ZOO],
        }
        return known[host] if host in known else system_addresses(host)

    def url(self, name):
        address = ADDRESSES[name][1] if name in ADDRESSES else f"http://{ZOO}:PORT/{name}"
        return address.replace("PORT", str(self.ports[0]))


@cache
def zoo():
    return Zoo()


@cache
def shipped():
    return load_shipped()


@cache
def visit(name):
    """Poll a hostile feed with a healthy one beside it: (seconds, both polls, articles, the hostile feed's line, new at later polls)."""
    here = zoo()
    hostile = Feed("hostile", here.url(name), "Hostile")
    healthy = Feed("healthy", f"http://{MEADOW}:{here.ports[1]}/feed", "Healthy")
    clock = FixedClock(START)
    policy = FetchPolicy(
        host_delay_s=0.0,
        connect_timeout_s=0.3,
        idle_timeout_s=0.3,
        total_timeout_s=DEADLINE_S,
        max_feed_bytes=LIMIT,
        allow_private=(ip_network("127.77.0.0/16"),),
    )
    files = replace(shipped(), feeds=(hostile, healthy), digests=())
    parts = fake_parts(files, fetcher=FakeFetcher(), clock=clock)
    parts = replace(parts, fetcher=HttpFetcher(policy, resolve=here.resolve, wall=clock), policy=policy, pages_per_poll=3)
    with contextlib.closing(parts.store):
        start, cpu = time.monotonic(), time.process_time()
        polls = {poll.feed.id: poll for poll in pipeline.poll(parts).polls}
        # another program's load is no fault of ours: work counts by the processor's time
        elapsed = min(time.monotonic() - start, DEADLINE_S + (time.process_time() - cpu) / BUSY)
        again = []
        for _ in range(2 if isinstance(ANSWERS.get(name, (0, 0))[1], list) else 0):
            clock.advance(timedelta(days=2))
            again += [poll.new_articles for poll in pipeline.poll(parts, ["hostile"]).polls]
        articles = [item.article for item in parts.store.articles(ArticleQuery(feed="hostile"))]
        line = shown_state(hostile, parts.store.feed_states().get("hostile"))
    return elapsed, polls, articles, line, again


@pytest.fixture(autouse=True, scope="module")
def _warm():
    """What is loaded at the first poll of all is no fault of any animal."""
    visit("smuggled")


@pytest.mark.parametrize("name", CASES)
def test_each_is_survived_in_time_with_its_reason_and_a_feed_beside_it_is_read(name):
    elapsed, polls, _, line, _ = visit(name)
    assert elapsed < DEADLINE_S + SLACK_S
    assert polls["healthy"].outcome is PollOutcome.FETCHED
    assert polls["healthy"].new_articles == 1
    assert polls["hostile"].outcome in {PollOutcome.FETCHED, PollOutcome.FAILED}
    assert line.reason not in {"", "not polled yet"}
    assert "internal error" not in line.reason
    assert line.reason.isprintable()
    assert line.next_fetch_at > START
    assert line.next_fetch_at < START + timedelta(days=40)


def test_there_are_at_least_eighty():
    assert len(ANSWERS) >= 80


@pytest.mark.parametrize("name", CASES)
def test_nothing_of_ours_is_given_away(name):
    _, _, articles, line, _ = visit(name)
    for text in (line.reason, *(article.title + article.text for article in articles)):
        assert "root:" not in text
    for article in articles:
        assert article.url == "" or article.url.startswith(("http://", "https://"))
        assert not re.search(r"<script|onerror=", article.title)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_no_forbidden_address_is_asked(name):
    _, polls, _, _, _ = visit(name)
    assert polls["hostile"].outcome is PollOutcome.FAILED


@pytest.mark.parametrize("name", ["re-dated", "re-guided"])
def test_entries_in_new_clothes_are_no_news(name):
    _, polls, articles, _, again = visit(name)
    assert polls["hostile"].new_articles == 1
    assert again == [0, 0]
    assert len(articles) == 1


def test_a_smuggled_second_answer_is_not_read():
    assert [article.title for article in visit("smuggled")[2]] == ["Ships stay home"]


BOMBS = [
    "gzip-bomb", "deflate-bomb", "gzip-nested", "gzip-hidden", "gzip-file", "gzip-members", "flood-body", "flood-status",
    "flood-headers", "length-huge", "chunk-huge", "chunk-line", "header-bomb", "laughs", "quadratic", "json-deep",
]  # fmt: skip


def test_bombs_do_not_fill_memory():
    command = [sys.executable, str(HERE), *BOMBS]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert done.returncode == 0, done.stderr
    grown = dict(line.split() for line in done.stdout.splitlines())
    assert set(grown) == set(BOMBS)
    assert {name: mib for name, mib in grown.items() if float(mib) > MEMORY_MIB} == {}


def page():
    lines = [
        "# Hostile responses",
        "",
        f"What harms feed readers, and what an operator reads about it in `monitor feeds list`. {len(CASES)} cases, each polled from a real server",
        "(`tests/feeds/zoo`): each ends within its deadline and a second, bombs take no more than 40 MB, and the feed beside it is read as ever.",
        "Written by that test; do not edit.",
        "",
        "| case | what it is | state | reason |",
        "|---|---|---|---|",
    ]
    for title, cases in (("answer", ANSWERS), ("address", ADDRESSES)):
        for name, (words, _) in cases.items():
            _, _, _, line, _ = visit(name)
            reason = line.reason.replace(f":{zoo().ports[0]}", "").replace("|", "\\|")
            lines.append(f"| {title} {name} | {words} | {line.health.value} | {reason} |")
    return "\n".join(lines) + "\n"


def test_the_table_of_the_zoo_is_as_it_is_found():
    found = page()
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(found, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == found


def peak_kib():
    """Of this program since its start; `ru_maxrss` would count what its parent held."""
    return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))[1])


def main(names):
    """Peak memory of each visit beyond that of a harmless one, MiB: run in a process of its own."""
    visit("smuggled")
    for name in names:
        before = peak_kib()
        visit(name)
        print(name, round((peak_kib() - before) / 1024, 1))


if __name__ == "__main__":
    main(sys.argv[1:])
