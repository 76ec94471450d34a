"""Pages as real sites build them: the article among navigation, counters, captions, boxes and other people's articles. Pure text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from monitor.demo.corpus import Outlet, Page, Syndication
from monitor.demo.furniture import MONTHS, WORDS, Furniture


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a layout is given: the page, what else its site shows (`recent`), and the unrelated article below it, if any."""

    page: Page
    recent: Sequence[Page]
    similar: Page | None = None

    @property
    def words(self) -> Furniture:
        """The site's own words, in its language."""
        return WORDS[self.page.outlet.language]


def render_page(leaf: Leaf) -> str:
    """The whole HTML document of a page in its outlet's layout."""
    return LAYOUTS[leaf.page.outlet.layout](leaf)


def render_home(outlet: Outlet, pages: Sequence[Page]) -> str:
    """The outlet's front page: headlines, and where its feed is, if it has one."""
    words = WORDS[outlet.language]
    items = "".join(f'<li><a href="{page.path}">{escape(page.title)}</a> <small>{stamp(page)}</small></li>\n' for page in pages)
    named = f'<link rel="alternate" type="application/rss+xml" title="{escape(outlet.name)}" href="{outlet.feed_path}">'
    head = "" if outlet.syndication in {Syndication.PAGE, Syndication.SITEMAP} else named
    return _document(outlet, outlet.name, head, f"<h1>{escape(outlet.name)}</h1><h2>{words.latest}</h2><ul>{items}</ul>")


def stamp(page: Page) -> str:
    """The publication time as its site prints it: "18 November 2019, 18:41", in the site's language and zone."""
    return stamp_of(page.published, page.outlet)


def stamp_of(moment: datetime, outlet: Outlet) -> str:
    """As `stamp`, for any moment."""
    local = moment.astimezone(ZoneInfo(outlet.zone))
    return f"{local.day} {MONTHS[outlet.language][local.month - 1]} {local.year}, {local:%H:%M}"


def _document(outlet: Outlet, title: str, head: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}">\n<head>\n<meta charset="{outlet.charset}">\n'
        f'<title>{escape(title)}</title>\n{head}\n<script>window.counter=window.counter||[];counter.push(["page"]);</script>\n'
        f"<style>.menu li{{float:left}}.ad{{display:none}}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _head(page: Page, *, dated: bool = True) -> str:
    when = f'<meta property="article:published_time" content="{page.published.isoformat()}">\n' if dated else ""
    return (
        f'<link rel="canonical" href="{page.url}">\n<meta property="og:type" content="article">\n'
        f'<meta property="og:title" content="{escape(page.title)}">\n<meta property="og:url" content="{page.url}">\n{when}'
    )


def _paragraphs(page: Page) -> str:
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in page.paragraphs)


def _menu(words: Furniture) -> str:
    return '<ul class="menu">' + "".join(f'<li><a href="/{i}/">{name}</a></li>' for i, name in enumerate(words.menu)) + "</ul>"


def _recent(leaf: Leaf) -> str:
    return "".join(f'<li><a href="{page.path}">{escape(page.title)}</a></li>' for page in leaf.recent)


def _similar(leaf: Leaf) -> str:
    """A box of similar articles that carries one whole article on another matter, as some archives do."""
    if leaf.similar is None:
        return ""
    other = leaf.similar
    return (
        f'<section class="similar-articles related"><h2>{leaf.words.similar}</h2><div class="similar-item"><h3>{escape(other.title)}</h3>'
        f'<span class="date">{stamp_of(other.published, leaf.page.outlet)}</span>{_paragraphs(other)}</div></section>'
    )


def _caption(page: Page, tag: str = "figcaption") -> str:
    if not page.caption:
        return ""
    return f'<figure class="photo"><img src="/img/{page.id}.jpg" alt=""><{tag} class="caption">{escape(page.caption)}</{tag}></figure>'


def _title(leaf: Leaf) -> str:
    return f"{leaf.page.title} | {leaf.page.outlet.name}"


def agency(leaf: Leaf) -> str:
    """A state agency: breadcrumbs, date above the title, counters, a list of other news, a subscription block."""
    page, words = leaf.page, leaf.words
    body = f"""<div id="header"><a href="/">{escape(page.outlet.name)}</a> {_menu(words)}
<div class="datetop">{stamp_of(page.published, page.outlet).split(",")[0]}</div></div>
<div class="breadcrumbs"><a href="/">{words.home}</a> / <a href="/0/">{words.menu[0]}</a> / {escape(page.title)}</div>
<div class="content"><div class="main"><div class="date_full">{stamp(page)}</div><h1>{escape(page.title)}</h1>
{_caption(page, "div")}<div class="js-mediator-article text">{_paragraphs(page)}</div>
<div class="social"><span>{words.share}</span> <b class="cnt">14</b> <b class="cnt">3</b> <b class="cnt">0</b></div>
<div class="subscribe_block"><b>{words.follow}</b> <a href="#">Twitter</a> <a href="#">Telegram</a> <a href="#">RSS</a></div></div>
<div class="right"><h3>{words.latest}</h3><ul class="lastnews">{_recent(leaf)}</ul></div></div>
<div class="footer">© 2009–{page.published.year} {escape(page.outlet.name)}. {words.rights}</div>"""
    return _document(page.outlet, _title(leaf), _head(page), body)


def tables(leaf: Leaf) -> str:
    """A newspaper's site of the early 2000s: nested tables, font tags, lines parted by <br>, the title twice, no date in the head."""
    page, words = leaf.page, leaf.words
    text = "<br><br>\n".join(escape(paragraph) for paragraph in page.paragraphs)
    links = "<br>".join(f'<a href="{other.path}">{escape(other.title)}</a>' for other in leaf.recent)
    menu = " | ".join(f'<a href="/{i}/">{name}</a>' for i, name in enumerate(words.menu))
    body = f"""<table width="980" cellpadding="0" cellspacing="0" align="center"><tr><td colspan="2" bgcolor="#003366">
<font color="white" size="2">{escape(page.outlet.name)} &nbsp; {menu}</font></td></tr>
<tr><td width="700" valign="top"><table><tr><td><font size="1"><a href="/">{words.home}</a> &raquo; {words.menu[0]} &raquo;
{escape(page.title)}</font></td></tr><tr><td><h2>{escape(page.title)}</h2><font size="1" color="gray">{stamp(page)}</font></td></tr>
<tr><td><b>{escape(page.title)}</b></td></tr><tr><td class="text"><div class="newstext">{text}</div></td></tr>
<tr><td><font size="1">{words.views}: 1284 &nbsp; {words.comments}: 7 &nbsp; <a href="?print=1">{words.print}</a></font></td></tr></table></td>
<td width="260" valign="top" bgcolor="#eeeeee"><b>{words.latest}</b><br>{links}</td></tr>
<tr><td colspan="2"><font size="1">© 1998–{page.published.year} {escape(page.outlet.name)}</font></td></tr></table>"""
    return _document(page.outlet, page.title, "", body)


def register(leaf: Leaf) -> str:
    """An office's register of notices: breadcrumbs with slashes, the title twice, structured data, a print link."""
    page, words = leaf.page, leaf.words
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": page.title, "url": page.url}
    data["datePublished"] = page.published.isoformat()
    head = f'<link rel="canonical" href="{page.url}">\n<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
    body = f"""<header><nav>{_menu(words)}</nav></header>
<p class="path">{words.home} / {words.menu[0]} / {escape(page.title)}</p>
<h1>{escape(page.title)}</h1>
<main><article><h2>{escape(page.title)}</h2><time datetime="{page.published.isoformat()}">{stamp(page)}</time>
{_caption(page)}{_paragraphs(page)}</article><p class="tools"><a href="?print">{words.print}</a></p>{_similar(leaf)}</main>
<aside><h4>{words.latest}</h4><ul>{_recent(leaf)}</ul></aside>
<footer><p>{escape(page.outlet.name)}, {page.published.year}. {words.rights}</p></footer>"""
    return _document(page.outlet, _title(leaf), head, body)


def blog(leaf: Leaf) -> str:
    """A blog engine's post: cookie banner, author line, sharing buttons with counters, related posts, a comment form."""
    page, words = leaf.page, leaf.words
    author = (
        f'<span class="byline">{words.author} <span class="author vcard">{escape(page.author)}</span></span>'
        if page.author
        else ""
    )
    body = f"""<div class="cookie-banner"><p>{words.cookies}</p><button>OK</button></div>
<header class="site-header"><p class="site-title">{escape(page.outlet.name)}</p><nav class="main-navigation">{_menu(words)}</nav></header>
<main><article class="post type-post status-publish"><header class="entry-header"><h1 class="entry-title">{escape(page.title)}</h1>
<div class="entry-meta"><time class="entry-date published" datetime="{page.published.isoformat()}">{stamp(page)}</time> {author}</div></header>
{_caption(page)}<div class="entry-content">{_paragraphs(page)}</div>
<div class="sharedaddy"><h3 class="sd-title">{words.share}</h3><ul><li>Facebook 41</li><li>Twitter 17</li><li>VK 5</li></ul></div>
<div class="jp-relatedposts"><h3>{words.similar}</h3><ul>{_recent(leaf)}</ul></div></article>{_similar(leaf)}
<div id="comments"><h3>{words.comments}</h3><form action="/comment"><textarea name="comment"></textarea></form></div></main>
<aside class="widget newsletter"><h3>{words.subscribe}</h3><p>{words.promise}</p><form><input type="email"></form></aside>
<footer class="site-footer">{page.published.year} {escape(page.outlet.name)}</footer>"""
    return _document(page.outlet, _title(leaf), _head(page), body)


def journal(leaf: Leaf) -> str:
    """A think tank: the title again as the picture's caption, a subscription confirmation in the page, a whole similar article below."""
    page, words = leaf.page, leaf.words
    body = f"""<nav class="lang"><a href="/en/">EN</a> <a href="/be/">BE</a> <a href="/ru/">RU</a></nav>{_menu(words)}
<div class="wrapper"><div class="section-name">{words.menu[0]}</div><h1>{escape(page.title)}</h1>
<div class="meta">{stamp(page)}</div><figure><img src="/img/{page.id}.jpg" alt="{escape(page.title)}">
<figcaption>{escape(page.caption or page.title)}</figcaption></figure>
<div class="article-body">{_paragraphs(page)}</div>
<div class="subscribe-popup"><p>{words.subscribed}</p></div>
<div class="newsletter"><h3>{words.subscribe}</h3><p>{words.promise}</p><span>EN</span> <span>BE/RU</span> <button>{words.subscribe}</button></div>
{_similar(leaf)}<div class="recent"><h4>{words.latest}</h4><ul>{_recent(leaf)}</ul><a href="/">{words.all}</a></div></div>
<footer><p>{words.follow}</p><p>© {page.published.year} {escape(page.outlet.name)}</p></footer>"""
    return _document(page.outlet, _title(leaf), _head(page, dated=False) + _json_date(page), body)


def _json_date(page: Page) -> str:
    data = {"@type": "Article", "datePublished": page.published.isoformat()}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def broadcaster(leaf: Leaf) -> str:
    """A broadcaster: player, caption, text in divs, tags, a "check also" teaser with the opening of another article, cookie banner."""
    page, words = leaf.page, leaf.words
    teaser = ""
    if leaf.recent:
        other = leaf.recent[0]
        teaser = f'<div class="check-also"><b>{words.also}</b><h5>{escape(other.title)}</h5><span>{escape(other.paragraphs[0][:90])}…</span></div>'
    body = f"""<div class="topbar">{_menu(words)}</div><div class="player" data-src="/live.mp3"><span>{words.listen}</span> 00:00 / 03:12</div>
<div class="article"><div class="crumbs"><a href="/">{words.home}</a> / <a href="/0/">{words.menu[0]}</a></div>
<h1 class="title">{escape(page.title)}</h1><div class="info"><span class="time">{stamp(page)}</span> <span class="views">2317</span></div>
{_caption(page)}<div class="article__text">{_paragraphs(page)}</div>
<div class="tags">{"".join(f"<a href='/tag/{i}'>#{name}</a> " for i, name in enumerate(words.menu))}</div>{teaser}</div>{_similar(leaf)}
<div class="cookie-banner"><p>{words.cookies}</p></div><div class="bottom">{words.rights} {page.published.year}</div>"""
    return _document(page.outlet, _title(leaf), _head(page), body)


def wire(leaf: Leaf) -> str:
    """A wire service: a plain article with a semantic head and little else."""
    page, words = leaf.page, leaf.words
    body = f"""<header><a href="/">{escape(page.outlet.name)}</a></header><main><article itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">{escape(page.title)}</h1>
<p class="dateline"><time itemprop="datePublished" datetime="{page.published.isoformat()}">{stamp(page)}</time></p>
{_caption(page)}<div itemprop="articleBody">{_paragraphs(page)}</div></article>
<section><h2>{words.latest}</h2><ul>{_recent(leaf)}</ul></section></main>
<footer>© {page.published.year} {escape(page.outlet.name)}. {words.rights}</footer>"""
    return _document(page.outlet, _title(leaf), _head(page), body)


LAYOUTS: dict[str, Callable[[Leaf], str]] = {
    "agency": agency,
    "tables": tables,
    "register": register,
    "blog": blog,
    "journal": journal,
    "broadcaster": broadcaster,
    "wire": wire,
}
