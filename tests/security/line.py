"""The whole line over the corpus: three feeds and a page for each case from loopback, polled, matched, told, mailed, served."""

from __future__ import annotations

import html
import json
import random
import socket
import threading
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from ipaddress import ip_network
from urllib.parse import quote
from xml.sax.saxutils import escape

from monitor import bootstrap, pipeline, publishing
from monitor.digests.due import due_of_week
from monitor.model.delivery import Subscribed, Subscription
from monitor.settings import FetchSettings, MailSettings, Settings, WebSettings
from monitor.web.workbench.made import workbench_of
from monitor.web.workbench.passwords import hashed

PASSWORD = "a few words with spaces"
NOW = datetime(2019, 3, 6, 9, tzinfo=UTC)
TOPICS = ("ferry", "tunnel", "canal", "railway")
"""A section and a rule for each."""
EACH = 16
"""Cases in one edition: its mail must have room for all of them."""
RULE = """\
schema: 1
id: {topic}
version: 1
title: {topic}
status: active
owner: desk
created: 2019-01-01
modified: 2019-01-01
description: What becomes of the {topic}.
terms:
  topic: {{en: ["{topic}"]}}
  agreed: {{en: ["agree*"]}}
match:
  require: [topic]
  score:
    - {{term: topic, weight: 2}}
direction:
  window: 12
  anchor: [topic]
  improves:
    - {{term: agreed, score: 3}}
tests:
  should_match:
    - {{lang: en, title: "Neighbours speak of the {topic}"}}
  should_not_match:
    - {{lang: en, title: "Harvest ends"}}
"""
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "pra", "sti", "tol", "ver", "zan", "gri", "dop", "hal", "fen", "wim", "rus")


def make_home(folder, port):
    """A home with the feeds, a rule for each topic, and two digests over them."""
    digest = (
        "id: {id}\ntitle: {{en: '{title}', be: 'Пераправы', ru: 'Переправы'}}\nlanguages: [en, be, ru]\n"
        "schedule: {{weekday: monday, time: '08:00', zone: Europe/Minsk}}\nreview: none\nfeedback: true\nsections:\n"
    )
    sections = "".join(
        f"  - {{id: {topic}, title: {{en: {topic}, be: {topic}, ru: {topic}}}, rules: [{topic}], max_items: {EACH}, max_notes: 40}}\n"
        for topic in TOPICS
    )
    files = {
        **{f"rules/{topic}.yml": RULE.format(topic=topic) for topic in TOPICS},
        "digests/crossings/digest.yml": digest.format(id="crossings", title="Crossings & <ways>") + sections,
        "seeds/press.yml": "feeds:\n"
        + "".join(
            f"  - {{id: {kind}, name: 'The {kind} <b>Press</b>', url: 'http://{kind}.example:{port}/{kind}', language: en, "
            "stance: independent}\n"
            for kind in ("rss", "atom", "json")
        ),
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


# --- what strangers serve --------------------------------------------------------------------------------------------------------


class Stranger:
    """The feeds and pages of three outlets under one port of loopback."""

    def __init__(self, cases, server):
        self.server, self.by_kind = server, defaultdict(list)
        for case in cases:
            self.by_kind[_kind(case)].append(case)
        for case in cases:
            server.reply(page_path(case), page(case), headers={"Content-Type": "text/html; charset=utf-8"})
        for kind in self.by_kind:
            body, content_type = self.feed(kind)
            server.reply(f"/{kind}", body, headers={"Content-Type": content_type})

    def feed(self, kind):
        """The document of one outlet."""
        return {"rss": _rss, "atom": _atom, "json": _json}[kind](self.by_kind[kind], f"http://{kind}.example:{self.server.port}")


def _kind(case):
    """XML cannot carry what only JSON can."""
    if any((ord(c) < 0x20 and c not in "\t\n\r") or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" for c in case.text):
        return "json"
    return ("rss", "atom", "json")[case.number % 3]


def topic_of(case):
    return TOPICS[case.number // 3 % len(TOPICS)]


def page_path(case):
    return f"/{case.number}"


def _words(case, count, salt):
    dice = random.Random(f"{case.number} {salt}")
    return " ".join("".join(dice.choices(SYLLABLES, k=4)) for _ in range(count))


def title(case):
    return f"{_words(case, 2, 'before').capitalize()} agreed on the {topic_of(case)} {case.mark} {case.text} {_words(case, 2, 'title')}"


def page(case):
    """An article page that shows the text as text first, then holds it as markup, in the body and in all that is said of a page."""
    topic, shown, attribute = topic_of(case), html.escape(case.text), html.escape(case.text, quote=True)

    def w(salt, count):
        return _words(case, count, salt)

    data = json.dumps({"@type": "NewsArticle", "headline": title(case), "author": {"name": case.text}})
    text = f"""<!doctype html><html lang="en"><head><title>{html.escape(title(case))}</title>
<meta property="og:title" content="{html.escape(title(case))}"><meta name="author" content="{attribute}">
<meta name="description" content="{attribute}"><link rel="canonical" href="/{case.number}?{html.escape(case.text[:300])}">
<script type="application/ld+json">{data}</script></head><body><article><h1>{html.escape(title(case))}</h1>
<p>{w("a", 7).capitalize()} agreed on the {topic} {w("b", 5)} {case.mark} {shown} {w("c", 4)}.</p>
<p>{w("d", 18).capitalize()}.</p>
<p>{w("e", 5).capitalize()} said that the {topic} {w("f", 5)} was agreed {case.mark} {shown} {w("g", 5)}.</p>
<p>{w("h", 18).capitalize()}.</p>
<p>{w("i", 6).capitalize()} {case.mark} {case.text} {w("j", 3)} the {topic} was agreed {w("k", 5)}.</p>
</article></body></html>"""
    return text.encode("utf-8", "surrogatepass")


def link(case, host):
    """An address that leads to the page, with the text in its fragment, as written."""
    return (
        f"{host}{page_path(case)}#{case.text}"
        if case.number % 2
        else f"{host}{page_path(case)}#{quote(case.text, errors='replace')}"
    )


def _cdata(text):
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _rss(cases, host):
    items = "".join(
        f"<item><title>{_cdata(title(c)) if c.number % 2 else escape(html.escape(title(c)))}</title>"
        f"<link>{escape(link(c, host))}</link><guid isPermaLink='false'>{escape(c.text)} {c.number}</guid>"
        f"<author>{escape(c.text)}</author><dc:creator>{escape(c.text)}</dc:creator><category>{escape(c.text)}</category>"
        f"<description>{_cdata(c.text)}</description><content:encoded>{_cdata(f'<p>{c.mark} {c.text}</p>')}</content:encoded>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=c.number % 40))}</pubDate></item>"
        for c in cases
    )
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{escape(cases[0].text)}</title><link>{host}/</link>{items}</channel></rss>"
    ).encode(), "application/rss+xml"


def _atom(cases, host):
    entries = "".join(
        f"<entry><id>urn:x:{c.number}</id><title type='{'html' if c.number % 2 else 'text'}'>"
        f"{escape(html.escape(title(c)) if c.number % 4 == 1 else title(c))}</title>"
        f"<link rel='alternate' href={_attribute(link(c, host))}/><author><name>{escape(c.text)}</name></author>"
        f"<category term={_attribute(c.text)}/><summary type='html'>{escape(c.text)}</summary>"
        f"<content type='html'>{escape(f'<p>{c.mark} {c.text}</p>')}</content>"
        f"<updated>{(NOW - timedelta(hours=c.number % 40)).isoformat()}</updated></entry>"
        for c in cases
    )
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{escape(cases[1].text)}</title><id>urn:x</id>{entries}</feed>".encode(),
        "application/atom+xml",
    )


def _attribute(text):
    return "'" + escape(text, {"'": "&#39;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}) + "'"


def _json(cases, host):
    items = [
        {
            "id": f"{c.text} {c.number}",
            "url": link(c, host),
            "title": title(c) if c.number % 2 else html.escape(title(c)),
            "authors": [{"name": c.text}],
            "tags": [c.text],
            "summary": c.text,
            **({"content_text": f"{c.mark} {c.text}"} if c.number % 5 == 0 else {"content_html": f"<p>{c.mark} {c.text}</p>"}),
            "date_published": (NOW - timedelta(hours=c.number % 40)).isoformat(),
        }
        for c in cases
    ]
    body = {"version": "https://jsonfeed.org/version/1.1", "title": cases[2].text, "items": items}
    return json.dumps(body).encode(), "application/feed+json"


# --- the line --------------------------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """What came out: the store with editions and mails, the parts it was made with, the home folder and its settings."""

    parts: pipeline.Parts
    home: object
    settings: Settings

    @property
    def store(self):
        return self.parts.store

    @cached_property
    def editions(self):
        return self.store.editions()


def settings_for(home, port):
    fetch = FetchSettings(
        host_delay_s=0,
        allow_private=(ip_network("127.0.0.0/8"),),
        connect_to={f"{kind}.example": f"127.0.0.1:{port}" for kind in ("rss", "atom", "json")},
        pages_per_poll=1000,
    )
    return Settings(
        home=home,
        base_url="https://monitor.example",
        secret_key="a test's own",
        database_url=f"sqlite:///{home}/line.db",
        fetch=fetch,
        mail=MailSettings(sender="digest@monitor.example", reply_to="desk@monitor.example"),
        extraction="fast",
    )


def run_line(cases, server, home):
    """Poll all feeds, then publish the cases, so many in an edition, to three readers."""
    make_home(home, server.port)
    Stranger(cases, server)
    clock = lambda: NOW  # noqa: E731 — a clock that stands still
    parts = replace(bootstrap.build(settings_for(home, server.port), clock=clock), sleep=lambda _: None)
    pipeline.poll(parts)
    publish_all(parts)
    return Line(parts, home, settings_for(home, server.port))


def publish_all(parts):
    """An edition a week, going back, each with the next cases."""
    [digest] = parts.files.digests
    for language in ("en", "be", "ru"):
        address = f"reader-{language}@reader.example"
        parts.store.subscribe(Subscription(0, digest.id, address, address, language, Subscribed.ACTIVE, NOW, NOW, "test"))
    whole = publishing.gather(parts, digest, due_of_week(digest, "2019-W10", NOW))
    stories = sorted(whole.stories, key=lambda story: story.articles[0].article.url)
    published = 0
    for place in range(0, len(stories), EACH):
        monday = datetime(2019, 3, 4, tzinfo=UTC) - timedelta(weeks=place // EACH)
        year, week, _ = monday.isocalendar()
        due = due_of_week(digest, f"{year}-W{week:02d}", NOW)
        inputs = replace(
            whole,
            window=due.window,
            key=due.key,
            due_at=due.due_at,
            stories=tuple(stories[place : place + EACH]),
            earlier=tuple(stories[max(0, place - EACH) : place]),
        )
        _publish(parts, digest, inputs, digest.languages if place == EACH else ("en",))
        published += 1
    # and one that tells few in full and notes many
    brief = replace(digest, sections=tuple(replace(section, max_items=1) for section in digest.sections))
    monday = datetime(2019, 3, 4, tzinfo=UTC) - timedelta(weeks=published)
    due = due_of_week(digest, "{}-W{:02d}".format(*monday.isocalendar()[:2]), NOW)
    inputs = replace(whole, digest=brief, window=due.window, key=due.key, due_at=due.due_at, stories=tuple(stories[::6]))
    _publish(parts, brief, inputs, digest.languages)


def _publish(parts, digest, inputs, languages):
    composed = publishing.compose(inputs, languages, parts.sender)
    frozen = publishing.freeze(composed, frozen_at=NOW)
    assert parts.store.freeze_edition(frozen, publishing.address_copies(parts, frozen, digest))


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def serve_in_thread(app, stopping: threading.Event):
    """The site on a free port of loopback; returns (port, thread)."""
    from monitor.web.server import serve

    port = free_port()
    thread = threading.Thread(target=serve, args=(app, "127.0.0.1", port, stopping))
    thread.start()
    pause = threading.Event()
    for _ in range(1000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return port, thread
        pause.wait(0.01)
    raise AssertionError("nothing listens")


def site_over(kind, line, metrics):
    """The site with its workbench, which one editor may enter."""
    web = WebSettings(editors=f"editor:{hashed(PASSWORD)}")
    return kind(
        store=line.store,
        files=lambda: line.parts.files,
        sender=line.parts.sender,
        clock=line.parts.clock,
        metrics=metrics,
        workbench=workbench_of(line.settings.model_copy(update={"web": web}), line.parts.sender.secret),
    )
