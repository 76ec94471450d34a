"""The set of `bench_copies.py`: edited copies of real articles, and traps beside them. It holds no article, and judges nothing."""

import random
import re
from dataclasses import dataclass, field

LEAST_WORDS = 160
SITES = [
    (
        "Subscribe to our newsletter and never miss a story that matters to you.",
        "Follow us on social media for the latest news, videos and pictures from across the region.",
        "Sign in | Register | Contact us | Advertise with us | Jobs at the paper",
        "Copyright. All rights reserved. This material may not be published, broadcast, rewritten or redistributed without permission.",
    ),
    (
        "Support independent journalism: become a member today from as little as two a month.",
        "Most read this week: what to watch, where to eat, how to save on your bills this winter.",
        "The opinions expressed by our readers in the comments are their own and do not reflect those of the editors.",
    ),
    (
        "We use cookies to personalise content and to analyse our traffic. By continuing you accept our policy on privacy.",
        "Share this article with your friends by mail, by messenger or with a link.",
        "Do you have a news tip for us? Write to our reporters or call the newsroom at any hour, in confidence.",
        "Download our app to read this and thousands of other stories without advertising.",
        "Terms of use. Privacy. Accessibility. About this site. Corrections and complaints.",
    ),
]
AGENCIES = (("AP", "The Associated Press"), ("Reuters", "Reuters"), ("AFP", "Agence France-Presse"), ("dpa", "dpa"))
# fmt: off
TOWNS = (
    "Alder", "Brook", "Corvin", "Dunmere", "Eastlow", "Farrow", "Glenhook", "Hartle", "Inverness", "Jarrow", "Kelmore", "Lindow",
    "Marden", "Norwick", "Ostrava", "Penrith", "Quillan", "Redcar", "Selby", "Tolmin", "Ulverton", "Varna", "Wexcombe", "Yarmouth",
    "Zadar", "Bergen", "Malmo", "Turku", "Tartu", "Kaunas", "Gdynia", "Brno", "Graz",
)
PEOPLE = (
    "Abel", "Baxter", "Castillo", "Dvorak", "Eklund", "Ferreira", "Grabowski", "Haugen", "Ivanov", "Jansen", "Kowalski", "Novak",
    "Lindqvist", "Moreau", "Okafor", "Petrov", "Quiroga", "Rossi", "Svensson", "Tamm", "Ueda", "Varga", "Weber", "Yilmaz", "Zimmer",
)
# fmt: on


@dataclass
class Text:
    """One text of the set, and what is known of it."""

    id: str
    title: str
    paragraphs: list[str]
    family: str
    kind: str
    host: str
    hours: float = 0.0
    allowed: set[str] = field(default_factory=set)
    """Families of which it may be with one: those that a round-up is made of."""
    query: str = ""
    glue: str = "\n\n"

    @property
    def text(self):
        return self.glue.join(self.paragraphs)


def words_in(paragraphs):
    return sum(len(one.split()) for one in paragraphs)


def by_words(paragraphs, change):
    """Each paragraph with its list of words changed."""
    return [line for one in paragraphs if (line := " ".join(change(one.split())))]


class Editor:
    """Makes edited copies of one article after another, by a seed."""

    def __init__(self, rng, vocabulary, fillers):
        self.rng, self.vocabulary, self.fillers = rng, vocabulary, fillers

    def cut(self, paragraphs, share):
        """The beginning of a text, to the word."""
        left, kept = max(25, round(words_in(paragraphs) * share)), []
        for one in paragraphs:
            words = one.split()
            kept.append(" ".join(words[:left]))
            left -= len(words)
            if left <= 0:
                return kept
        return kept

    def exact(self, p):
        return list(p)

    headline = tracking = exact

    def cut_75(self, p):
        return self.cut(p, 0.75)

    def cut_50(self, p):
        return self.cut(p, 0.5)

    def cut_25(self, p):
        return self.cut(p, 0.25)

    def middle(self, p):
        """Without its beginning and its end."""
        size = len(p)
        return p[size // 5 : max(size // 5 + 1, size - size // 5)] if size >= 4 else list(p)

    def boilerplate(self, p):
        lines = self.rng.choice(SITES)
        at = self.rng.randint(0, len(lines))
        return [*lines[:at], *p, *lines[at:]]

    def reordered(self, p):
        return self.rng.sample(p, len(p))

    def agency(self, p):
        short, name = self.rng.choice(AGENCIES)
        lead = f"{self.rng.choice(TOWNS).upper()} ({short}) — {p[0]}"
        return [lead, *p[1:], self.rng.choice((f"Source: {name}", f"Reporting by {name}; editing by the desk", f"© {name}"))]

    def dropped(self, p):
        return by_words(p, lambda words: [w for w in words if self.rng.random() > 0.2])

    def swapped(self, p):
        def swap(words):
            for at in range(len(words) - 1):
                if self.rng.random() < 0.1:
                    words[at], words[at + 1] = words[at + 1], words[at]
            return words

        return by_words(p, swap)

    def replaced(self, p):
        return by_words(p, lambda words: [self.rng.choice(self.vocabulary) if self.rng.random() < 0.2 else w for w in words])

    def words_changed(self, p):
        """A fifth of the words dropped, swapped or replaced."""

        def change(words):
            made = []
            for word in words:
                chance = self.rng.random()
                if chance < 0.2 / 3:
                    continue
                made.append(self.rng.choice(self.vocabulary) if chance < 0.4 / 3 else word)
                if chance > 1 - 0.2 / 3 and len(made) > 1:
                    made[-1], made[-2] = made[-2], made[-1]
            return made

        return by_words(p, change)

    def typography(self, p):
        """Quotation marks, entities, spaces and numbers in another house's style."""
        style = self.rng.randrange(4)

        def dress(one):
            plain = one.replace("“", '"').replace("”", '"').replace("’", "'").replace("‘", "'")
            if style == 0:
                one = plain.replace("&", "&amp;").replace('"', "&quot;").replace("'", "&#39;")
            elif style == 1:
                one = re.sub(r'"([^"]*)"', r"«\1»", plain).replace("'", "’").replace(" - ", " — ")
                one = re.sub(r" (\d)", "\u00a0\\1", one)
            elif style == 2:
                one = plain.replace(" ", "  ").replace("-", "\u2010")
            else:
                one = re.sub(r'"([^"]*)"', r"„\1“", plain).replace("'", "&rsquo;").replace(" – ", "&nbsp;&ndash; ")
            if style % 2:
                return re.sub(r"(?<=\d),(?=\d{3})", "", one)
            return re.sub(r"(?<=\d),(?=\d{3})", "\u00a0", one)

        return [dress(one) for one in p]

    def own_paragraph(self, p):
        at = self.rng.randint(1, len(p))
        return [*p[:at], self.rng.choice(self.fillers), *p[at:]]

    def one_block(self, p):
        return [" ".join(p)]

    def by_sentences(self, p):
        return [line for one in p for line in re.split(r"(?<=[.!?]) (?=[A-Z“\"])", one)]

    def several(self, p):
        """Cut, dated by an agency, with a paragraph of its own and the site's lines."""
        return self.boilerplate(self.own_paragraph(self.agency(self.cut_75(p))))


ALWAYS = ("exact", "cut_25", "words_changed", "boilerplate")
OTHERS = tuple(name for name in vars(Editor) if not name.startswith("_") and name not in (*ALWAYS, "cut"))


def families(bases, editor, edits, rng):
    """Each article and its edited copies."""
    made = []
    for number, (url, paragraphs) in enumerate(bases):
        family, hours = f"a{number}", rng.uniform(0, 96)
        title = " ".join(paragraphs[0].split()[:10])
        made.append(Text(family, title, paragraphs, family, "original", re.sub(r"^https?://([^/]+).*", r"\1", url), hours))
        for name in (*ALWAYS, *rng.sample(OTHERS, edits - len(ALWAYS))):
            lines = getattr(editor, name)(list(paragraphs))
            host = f"paper{rng.randrange(300)}.example.org"
            if name in ("boilerplate", "several"):
                host = f"site{next(i for i, site in enumerate(SITES) if set(site) & set(lines))}.example.org"
            other = " ".join(rng.choice(paragraphs).split()[:9]) if name == "headline" or rng.random() < 0.3 else title
            made.append(
                Text(
                    f"{family}-{name}", other, lines, family, name, host, hours + rng.uniform(0, 48),
                    query="?utm_source=feed&utm_medium=rss" if name == "tracking" else "",
                    glue=rng.choice(("\n", "\n\n")),
                )
            )  # fmt: skip
    return made


def round_ups(bases, rng, count):
    """Leads, or a few paragraphs each, of three to five stories."""
    made = []
    for number in range(count):
        chosen = rng.sample(range(len(bases)), rng.randint(3, 5))
        depth = rng.choice((1, 1, 2, 3))
        lines = ["Our overview of the day."] if number % 2 else []
        for one in chosen:
            part = bases[one][1][:depth]
            while words_in(part) < 25 and len(part) < len(bases[one][1]):
                part = bases[one][1][: len(part) + 1]
            lines += part
        name = f"roundup{number}"
        made.append(
            Text(
                name, f"Morning briefing number {number}", lines, name, "round-up", f"brief{number % 7}.example.org",
                rng.uniform(24, 140), {f"a{one}" for one in chosen},
            )
        )  # fmt: skip
    return made


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LISTS = {
    "town": TOWNS,
    "person": PEOPLE,
    "day": DAYS,
    "month": ("January", "March", "April", "June", "August", "October", "December"),
    "firm": ("Industries", "Group", "Energy", "Foods", "Holdings", "Systems", "Airlines", "Therapeutics"),
    "sky": ("sunny", "cloudy", "rainy", "partly cloudy", "overcast"),
    "moved": ("rose", "fell", "climbed", "slipped"),
    "wind": ("north", "south", "east", "west"),
}
BLANK = re.compile(r"<(?:(\w+):)?(\w+|\d+-\d+)>")
TEMPLATES = {
    "quake": """Magnitude <m:3-6>.<f:1-9> earthquake near <place:town>
A magnitude <m:3-6>.<f:1-9> earthquake struck <4-60> kilometres from <place:town> on <day>, the geological survey said.
The quake hit at <1-11>:<10-59> a.m. local time at a depth of <3-90> kilometres.
According to the survey, the epicentre was <10-90> miles from <town> and <91-300> miles from <town>.
In the past ten days, there have been <2-9> earthquakes of magnitude 3.0 or greater centered nearby.
There were no immediate reports of damage or injuries, and no tsunami warning was issued.
This information comes from the notification service, and this post was created by an algorithm. If you felt it, tell the survey.""",
    "shares": """<who:person> <what:firm> stock <way:moved> <p:1-9>.<q:1-9> percent
Shares of <who:person> <what:firm> <way:moved> <p:1-9>.<q:1-9> percent to $<9-400>.<10-99> in trading on <day>.
The company has a market value of $<2-90>.<1-9> billion and trades at <8-40> times its expected earnings.
Analysts at <person> Research raised their price objective from $<10-90> to $<91-190> and set a buy rating on <day>.
The firm last issued its results on <month> <1-28>: earnings of $<1-3>.<10-99> a share, where $<1-3>.<10-99> had been expected.
The business had revenue of $<100-900> million for the quarter, up <1-30> percent compared to the same quarter last year.
<who:person> <what:firm> was founded in <1900-2005> and is based in <town>.""",
    "match": """<home:town> <g:2-6>-<h:0-1> <guest:town>: match report
<home:town> beat <guest:town> <g:2-6>-<h:0-1> at home on <day> in front of <2-60>,<100-999> spectators.
<person> opened the scoring in the <2-40>th minute, and <person> made it two before half time.
The visitors had chances of their own after the break, but <person> saved twice from <person>.
“We deserved the three points today,” said coach <person>. “The boys worked hard for the full ninety minutes.”
The win takes <home:town> to <10-70> points from <8-34> games, while <guest:town> stay in <9-18>th place.
Next week <home:town> travel to <town>, and <guest:town> host <town>.""",
    "weather": """Weather in <place:town>: <sky>
The forecast for <place:town> on <day> is <sky> with a high of <15-34> degrees and a low of <2-12>.
Winds will be from the <wind> at <5-40> kilometres per hour, and the chance of rain is <5-95> percent.
Tomorrow will be <sky>, between <2-10> and <11-30> degrees, with gusts of up to <30-90> kilometres per hour around <town>.
Sunrise in <place:town> is at <4-8>:<10-59> and sunset at <16-21>:<10-59>.
Drivers are asked to allow more time for their journey. The outlook will be updated by our weather team every six hours.""",
    "daily": """<n:20-900> new cases in Northland
The Ministry of Health of Northland registered <n:20-900> new cases of the disease in the past day, its press service said.
In all <20-99>,<100-999> people have fallen ill since the first case in Alder Brook, and <2000-9000> tests were made.
Most of the new cases, <10-400>, were found in Corvin, <5-90> in Dunmere and <5-90> in Eastlow.
In intensive care at the hospitals of the Farrow region are <1-40> people. Chief physician Greta Haugen asked for patience.
By <day>, <100-999> thousand people in Northland had received a first dose; the points stay open at the weekend.""",
}
"""A title, two lines of a short report, and the rest of a long one. A blank with a name is filled alike throughout; `daily` has the
same names every day."""


def filled(template, rng):
    """The lines of a template with its blanks filled."""
    known = {}

    def fill(blank):
        name, kind = blank.groups()
        if name is None or name not in known:
            low, dash, high = kind.partition("-")
            known[name] = str(rng.randint(int(low), int(high))) if dash else rng.choice(LISTS[kind])
        return known[name]

    return BLANK.sub(fill, template).split("\n")


def templated(rng, each):
    """Reports that a machine wrote: the same words, other names and numbers; half of them from one host."""
    made = []
    for kind, template in TEMPLATES.items():
        for number in range(2 * each):
            title, *lines = filled(template, rng)
            long = "long" if number < each else "short"
            name = f"{kind}-{long}-{number}"
            host = f"{kind}.example.org" if number % 2 else f"local{number}.example.org"
            made.append(
                Text(
                    name, title, lines if long == "long" else lines[:2], name, "template", host, rng.uniform(0, 140),
                    glue=rng.choice(("\n", " ")),
                )
            )  # fmt: skip
    return made


def follow_ups(bases, fillers, rng):
    """News of its own in three paragraphs, with a paragraph of an older article's text for background."""
    made = []
    for number in range(len(fillers) // 3):
        one = rng.randrange(len(bases))
        paragraphs = [p for p in bases[one][1] if 20 <= len(p.split()) <= 80]
        if not paragraphs:
            continue
        news = fillers[3 * number : 3 * number + 3]
        name = f"followup{number}"
        lines = [*news[:2], rng.choice(paragraphs), *news[2:]]
        made.append(
            Text(
                name, " ".join(news[0].split()[:9]), lines, name, "follow-up", f"paper{number}.example.org", rng.uniform(96, 160)
            )
        )
    return made


def tickers(fillers, rng):
    """A page that is saved six times in a day, each time with two more entries on top."""
    made = []
    for number in range(len(fillers) // 12):
        entries = [
            f"{7 + place}:{rng.randint(10, 59)} {one}" for place, one in enumerate(fillers[12 * number : 12 * number + 12])
        ]
        made += [
            Text(
                f"ticker{number}-{version}", f"Live: what happens in {TOWNS[number]} today", entries[: 2 * version][::-1],
                f"ticker{number}", "ticker", "live.example.org", 48.0 + version,
            )
            for version in range(1, 7)
        ]  # fmt: skip
    return made


def the_set(articles, seed, edits):
    """All texts of one draw, shuffled; `articles` are pairs of address and paragraphs."""
    rng = random.Random(seed)
    long = [(url, paragraphs) for url, paragraphs in articles if words_in(paragraphs) >= LEAST_WORDS]
    held = set(rng.sample(range(len(long)), len(long) // 12))
    short = [p for _, paragraphs in articles if words_in(paragraphs) < LEAST_WORDS for p in paragraphs]
    fillers = [p for p in [*short, *(p for place in sorted(held) for p in long[place][1])] if 20 <= len(p.split()) <= 90]
    rng.shuffle(fillers)
    third = len(fillers) // 3
    bases = [one for place, one in enumerate(long) if place not in held]
    vocabulary = sorted({word for _, paragraphs in long for p in paragraphs for word in p.split()})
    rng_of = {name: random.Random(f"{seed} {name}") for name in ("edits", "round-ups", "templates", "follow-ups", "tickers")}
    texts = [
        *families(bases, Editor(rng_of["edits"], vocabulary, fillers[:third]), edits, rng_of["edits"]),
        *round_ups(bases, rng_of["round-ups"], 50),
        *templated(rng_of["templates"], 14),
        *follow_ups(bases, fillers[third : 2 * third], rng_of["follow-ups"]),
        *tickers(fillers[2 * third :], rng_of["tickers"]),
    ]
    rng.shuffle(texts)
    return texts
