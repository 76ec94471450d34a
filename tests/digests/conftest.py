"""A small invented world to compose from: a strait, two states, and outlets of several stances."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest

from monitor.digests.inputs import EditionInputs, ReadCounts
from monitor.model.article import Article, DateSource, Source, TextSource
from monitor.model.digest import Digest, RuleVoice, Schedule, Section, Window
from monitor.model.feed import Stance
from monitor.model.match import Analysis, Cue, Direction, Field, Match, Mention, Span
from monitor.model.names import Name, NameKind
from monitor.model.story import AnalysedArticle, CopyGroup, Story

NAMES = (
    Name("harun", NameKind.PERSON, {"en": "Harun", "ru": "Гарун", "be": "Гарун"}, {"en": ("Harun", "Haroun"), "ru": ("Гарун",)}),
    Name("valdis", NameKind.COUNTRY, {"en": "Valdis", "ru": "Вальдия", "be": "Вальдыя"}, {"en": ("Valdis",), "ru": ("Вальди",)}),
    Name(
        "norrland",
        NameKind.COUNTRY,
        {"en": "Norrland", "ru": "Норрландия", "be": "Норландыя"},
        {"en": ("Norrland",), "ru": ("Норрланд",)},
    ),
    Name(
        "harbour",
        NameKind.PLACE,
        {"en": "Port Selma", "ru": "Порт-Сельма", "be": "Порт-Сельма"},
        {"en": ("Port Selma",), "ru": ("Порт-Сельм",)},
    ),
)
TERMS = {
    "port-calls": {"call": ("port call", "заход"), "ship": ("frigate", "фрегат")},
    "drills": {"drill": ("exercise", "учени")},
}
CUES = {"welcomed": (4.0, "CONSULT/visit"), "приветств": (4.0, "CONSULT/visit"), "expelled": (-5.5, "SANCTION/expel")}


@dataclass
class World:
    """Builders. Every text is searched for the terms, cues and names above, as the rules would."""

    start: datetime = datetime(2021, 5, 3, 5, tzinfo=UTC)
    made: list[Article] = field(default_factory=list)

    def article(
        self,
        feed: str,
        title: str,
        text: str,
        *,
        language="en",
        stance=Stance.STATE,
        day=4,
        of_record=False,
        publisher="",
        at=None,
        title_only=False,
    ) -> AnalysedArticle:
        published = at or datetime(2021, 5, day, 9, tzinfo=UTC)
        source = Source(feed, f"{feed.title()} News", publisher, "VL", language, stance, of_record)
        ident = f"a{len(self.made):03d}"
        url = f"https://{feed}.example/{ident}"
        article = Article(
            ident, feed, ident, url, url, url, title, text, language, True, published, DateSource.FEED, published, source,
            text_source=TextSource.TITLE if title_only else TextSource.PAGE,
        )  # fmt: skip
        self.made.append(article)
        return AnalysedArticle(article, self.analysis(article))

    def analysis(self, article: Article) -> Analysis:
        matches = []
        for rule, terms in TERMS.items():
            spans = [span for term, words in terms.items() for word in words for span in found(article, word, term)]
            if spans:
                cues = tuple(
                    Cue(span, score, plover) for word, (score, plover) in CUES.items() for span in found(article, word, "cue")
                )
                matches.append(Match(rule, 1, "h", 4.0 + len(spans), 4.0, Direction.NEUTRAL, 0.0, tuple(spans), cues))
        mentions = [
            Mention(name.id, span.field, span.start, span.end)
            for name in NAMES
            for variants in name.variants.values()
            for word in variants
            for span in found(article, word, "name")
        ]
        return Analysis(article.id, tuple(matches), tuple(mentions), "r")

    def story(self, *groups, thread="") -> Story:
        folded = tuple(CopyGroup(tuple(group) if isinstance(group, list) else (group,)) for group in groups)
        return Story(f"s-{folded[0].lead.article.id}", folded, thread=thread)

    def digest(self, **changes) -> Digest:
        sections = (
            Section("sea", {"en": "At sea", "ru": "На море", "be": "На моры"}, ("port-calls",), 2, 2),
            Section("land", {"en": "On land", "ru": "На суше", "be": "На сушы"}, ("drills",), 2, 2),
        )
        fields = {"sections": sections, "schedule": Schedule(0, time(8), "Europe/Minsk"), **changes}
        return Digest("strait", {"en": "Strait weekly", "ru": "Пролив", "be": "Праліў"}, ("en", "ru", "be"), **fields)

    def inputs(self, *stories, **changes) -> EditionInputs:
        end = self.start + timedelta(weeks=1)
        window = Window(self.start, end, "2021-W18", date(2021, 5, 3), date(2021, 5, 9))
        fields = {"names": NAMES, "counts": ReadCounts(40, 9), "base_url": "https://digest.example", **changes}
        return EditionInputs(self.digest(), window, date(2021, 5, 10), end, 18, stories, **fields)

    def articles(self) -> dict[str, Article]:
        return {article.id: article for article in self.made}


def found(article: Article, word: str, term: str) -> list[Span]:
    fields = ((Field.TITLE, article.title), (Field.TEXT, article.text))
    return [
        Span(place, hit.start(), hit.end(), hit.group(), term, word)
        for place, text in fields
        for hit in re.finditer(rf"(?<!\w){re.escape(word)}\w*", text, re.IGNORECASE)
    ]


VOICE = RuleVoice(
    "port-calls",
    "Port calls",
    1,
    headline={"better": {"en": ("Valdis lets a foreign frigate in",), "ru": ("Вальдия впускает чужой фрегат",)}},
    assessment={
        "better": {
            "en": (
                "Valdis opens its harbour a little further. {sources} sources agree on that between {first_date} and {last_date}.",
            )
        },
        "unchanged": {"en": ("Port calls go on as the calendar has it.",)},
    },
    outlook={"better": {"en": ("A second visit is likely, unless the weather turns.",)}},
)

EN_TEXT = """\
PORT SELMA, 4 May (Agency) – The frigate of Norrland began a port call in Port Selma on Tuesday, the Navy of Valdis said.
Admiral Jon Harun welcomed the crew on 4 May and called the port call a sign of trust between Valdis and Norrland.
He added that the harbour was open to everybody.
The two states had agreed on the port call on 12 March, when a delegation of Norrland came to Valdis.
A second frigate of Norrland will come to Port Selma on 20 May, according to the Navy of Valdis.
Subscribe to our channel to read more about the port call in Port Selma."""

EN_OTHER = """\
Norrland's frigate tied up at the southern pier of Port Selma on 4 May, and reporters were kept away from the port call.
Opposition deputies said on Wednesday that the port call in Port Selma had cost the city nine million crowns.
The crew was welcomed by the mayor on 5 May, although the port call had been announced as a working one.
The frigate is expected to leave Port Selma on 9 May."""

RU_TEXT = """\
Фрегат Норрландии 4 мая прибыл с заходом в Порт-Сельму, сообщили в штабе флота Вальдии.
Адмирал Гарун приветствовал экипаж фрегата и заявил, что заход укрепит доверие Вальдии и Норрландии.
Ранее, 12 марта, стороны согласовали заход фрегата в столице Вальдии."""


@pytest.fixture
def voice():
    return VOICE


@pytest.fixture
def names():
    return NAMES


@pytest.fixture
def world():
    return World()


@pytest.fixture
def port_call(world):
    """One event in two languages and three stances, with a reprint."""
    agency = world.article("agency", "Frigate of Norrland begins a port call in the harbour of Valdis", EN_TEXT)
    reprint = world.article("mirror", "Frigate of Norrland begins a port call", EN_TEXT, stance=Stance.INDEPENDENT)
    free = world.article(
        "free", "Norrland's frigate visits Port Selma behind closed gates", EN_OTHER, stance=Stance.INDEPENDENT, day=5
    )
    abroad = world.article(
        "abroad", "Фрегат Норрландии прибыл с заходом в Порт-Сельму", RU_TEXT, language="ru", stance=Stance.EXILE
    )
    return world.story([agency, reprint], free, abroad)
