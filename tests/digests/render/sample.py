"""A realistic edition about invented places, for looking at and for testing every renderer."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from monitor.model.digest import Digest, Schedule, Section, Window
from monitor.model.edition import (
    Citation,
    CopyFold,
    CountedCue,
    Coverage,
    Edition,
    EditionSection,
    FailedSource,
    Item,
    Note,
    OneSided,
    Role,
    Sentence,
    SimilarStory,
    SourceRef,
    Status,
    Verdict,
    WatchDate,
)
from monitor.model.feed import Stance
from monitor.text.locale import week_line

WEEK = Window(
    start=datetime(2019, 3, 4, 5, 0, tzinfo=UTC),
    end=datetime(2019, 3, 11, 5, 0, tzinfo=UTC),
    week="2019-W10",
    first_day=date(2019, 3, 4),
    last_day=date(2019, 3, 10),
)

VAYAR = SourceRef("vayar-press", "Vayar Press", Stance.STATE, "ru", "VY")
VAYAR_EN = SourceRef("vayar-press-en", "Vayar Press", Stance.STATE, "en", "VY")
MINISTRY = SourceRef("vayar-mod", "Vayar Defence Ministry", Stance.STATE, "ru", "VY", of_record=True)
SVABODNY = SourceRef("svabodny", "Svabodny Hlas", Stance.EXILE, "be", "VY")
COURIER = SourceRef("courier", "The Lumen Courier", Stance.INDEPENDENT, "en", "VY")
EMBASSY = SourceRef("embassy", "Embassy of Orland", Stance.WESTERN_GOVERNMENT, "en", "OR", of_record=True)
PACT = SourceRef("pact", "Northern Pact newsroom", Stance.ALLIANCE, "en", "")
TROM = SourceRef("trom", "Trom Daily", Stance.NEIGHBOUR, "en", "TR")
INSTITUTE = SourceRef("institute", "Institute for Frontier Studies", Stance.THINK_TANK, "en", "TR")


def cite(source, article, at=(2019, 3, 5, 9, 0), span=(0, 80), title="", field="text"):
    slug = article.replace("_", "-")
    return Citation(
        article=article,
        url=f"https://{source.feed}.example/2019/03/{slug}#:~:text=the%20inspection,of%20the%20treaty",
        title=title or f"{source.name} on {slug}",
        field=field,
        start=span[0],
        end=span[1],
        source=source,
        published=datetime(*at, tzinfo=UTC),
    )


def own(text, role=Role.THESIS, language="en"):
    return Sentence(text, role, language, own=True)


def said(text, role, cites, *, day=None, language="en", day_from="named", speaker="", day_end=None):
    cites = cites if isinstance(cites, tuple) else (cites,)
    return Sentence(text, role, language, day, day_end, day_from, cites, speaker)


def cue(citation, text, score, sentence, *, plover="COOPERATE", counted=True, why_not=""):
    return CountedCue("military-attaches", text, score, plover, sentence, citation, counted, why_not)


ATTACHE_1 = cite(EMBASSY, "attache_arrives", (2019, 3, 5, 10, 0), (0, 117), "Orland’s defence attaché presents credentials")
ATTACHE_2 = cite(VAYAR, "akkreditatsiya", (2019, 3, 5, 14, 20), (40, 141), "Военный атташе Орланда аккредитован")
ATTACHE_3 = cite(COURIER, "attache_minsk", (2019, 3, 6, 7, 0), (210, 330), "What a permanent attaché changes")
ATTACHE_4 = cite(SVABODNY, "atache", (2019, 3, 7, 16, 0), (12, 130), "Аташэ без рэформаў")
COPY_1 = cite(TROM, "attache_wire", (2019, 3, 5, 18, 0), (0, 117))
COPY_2 = cite(INSTITUTE, "brief", (2019, 3, 6, 9, 0), (0, 117))
COPY_3 = cite(VAYAR_EN, "attache_en", (2019, 3, 6, 6, 0), (0, 117))

ATTACHE_ITEM = Item(
    id="a91f3c",
    story="st-a91f3c",
    rules=("military-attaches",),
    headline="Vayar accredits a resident Orland attaché and reopens a military channel",
    headline_from="rule",
    headline_language="en",
    status=Status(
        Verdict.BETTER,
        "A channel that was closed for six years was opened and used in the same week.",
        3.5,
        2.0,
        3,
        (
            cue(
                ATTACHE_1, "accredited", 2.0, "Colonel Ada Ferris was accredited on 5 March as Orland’s resident defence attaché."
            ),
            cue(
                ATTACHE_2,
                "аккредитован",
                1.5,
                "Атташе аккредитован по совместительству не был: пост постоянный.",
                plover="COOPERATE",
            ),
            cue(
                ATTACHE_4,
                "без рэформаў",
                -1.0,
                "Абмен аташэ адбываецца без рэформаў.",
                counted=False,
                why_not="commentary, not an act",
            ),
        ),
    ),
    paragraphs=(
        (
            own("The Vayar leadership has moved its talks with Orland from declarations to staff."),
            own("A resident post gives both sides a direct line at little political cost, and keeps it open between visits."),
        ),
        (
            said(
                "Colonel Ada Ferris presented her credentials at the Ministry of Defence on 5 March and becomes the first "
                "resident defence attaché of Orland in Vayar since 2013.",
                Role.EVENT,
                (ATTACHE_1, ATTACHE_2, ATTACHE_3),
                day=date(2019, 3, 5),
            ),
            said(
                "Пост станет постоянным, совместительство с соседней столицей прекращается.",
                Role.CLAIM,
                cite(MINISTRY, "mod_statement", (2019, 3, 5, 13, 0), (88, 162)),
                day=date(2019, 3, 5),
                language="ru",
                day_from="relative",
                speaker="the Defence Ministry",
            ),
        ),
        (
            said(
                "On the same afternoon the attaché was shown the peacekeeping company of the 12th brigade during its field training.",
                Role.EVENT,
                cite(COURIER, "attache_minsk", (2019, 3, 6, 7, 0), (402, 519)),
                day=date(2019, 3, 5),
                day_from="relative",
            ),
            said(
                "“We have no illusions about the pace, but a phone number is better than a press release,” an Orland diplomat said.",
                Role.CLAIM,
                cite(COURIER, "attache_minsk", (2019, 3, 6, 7, 0), (520, 634)),
                day=date(2019, 3, 6),
                day_from="publication",
                speaker="an Orland diplomat",
            ),
        ),
        (
            said(
                "Пра абмен аташэ бакі ўпершыню дамовіліся ў лютым падчас кансультацый у Ліпавіцы.",
                Role.BACKGROUND,
                cite(SVABODNY, "atache", (2019, 3, 7, 16, 0), (300, 381)),
                day=date(2019, 2, 12),
                language="be",
            ),
            said(
                "Orland’s last resident attaché left Vayar in 2013 after the embassy staff was cut.",
                Role.BACKGROUND,
                cite(TROM, "history", (2019, 3, 6, 12, 0), (120, 203)),
            ),
        ),
        (
            own(
                "Contacts at expert level are likely to follow; a public objection from the eastern ally would slow them.",
                Role.OUTLOOK,
            ),
            said(
                "A first round of staff talks may be held before the end of April.",
                Role.OUTLOOK,
                cite(INSTITUTE, "outlook", (2019, 3, 8, 12, 0), (55, 121)),
                day=date(2019, 4, 30),
            ),
        ),
    ),
    sources=(ATTACHE_1, ATTACHE_2, ATTACHE_3, ATTACHE_4, cite(MINISTRY, "mod_statement", (2019, 3, 5, 13, 0))),
    copies=(CopyFold(ATTACHE_1, (COPY_1, COPY_2, COPY_3)),),
    one_sided=(
        OneSided(
            Stance.EXILE,
            said(
                "Адначасова двое ваенных аглядальнікаў застаюцца пад вартай.",
                Role.EVENT,
                ATTACHE_4,
                day=date(2019, 3, 7),
                language="be",
            ),
        ),
        OneSided(
            Stance.STATE,
            said("Решение принято по инициативе вайарской стороны.", Role.CLAIM, ATTACHE_2, day=date(2019, 3, 5), language="ru"),
        ),
    ),
    similar=(
        SimilarStory(
            "st-77",
            "Defence delegations meet in Lipavitsa for the first time in five years",
            "https://courier.example/2019/02/lipavitsa",
            datetime(2019, 2, 13, 8, 0, tzinfo=UTC),
            "The Lumen Courier",
            "en",
        ),
        SimilarStory(
            "st-31",
            "Орланд предложил обменяться военными атташе",
            "https://vayar-press.example/2018/11/predlozhil",
            datetime(2018, 11, 20, 8, 0, tzinfo=UTC),
            "Vayar Press",
            "ru",
        ),
    ),
    matched=("defence attaché", "аккредитован", "аташэ"),
    score=8.2,
)

INSPECTION = cite(TROM, "inspection", (2019, 3, 8, 9, 0), (0, 140), "Inspectors count launchers at Borok")
INSPECTION_2 = cite(MINISTRY, "inspection_ru", (2019, 3, 7, 15, 0), (30, 150), "Инспекция подтвердила выполнение договора")

INSPECTION_ITEM = Item(
    id="c07d2e",
    story="st-c07d2e",
    rules=("treaty-inspections", "military-attaches"),
    headline="Инспекторы проверили ракетную бригаду под Бороком и не нашли расхождений",
    headline_from="inspection_ru",
    headline_language="ru",
    status=Status(
        Verdict.UNCHANGED,
        "A routine check with a routine result.",
        0.5,
        2.0,
        2,
        (cue(INSPECTION_2, "подтвердила", 0.5, "Инспекция подтвердила выполнение договора."),),
    ),
    paragraphs=(
        (
            own(
                "Vayar keeps treaty inspections running as proof that it is predictable; the visit confirms a practice and opens nothing new."
            ),
        ),
        (
            said(
                "A team of nine inspectors compared the launchers at the Borok garrison with the declared numbers between 6 and 7 March.",
                Role.EVENT,
                INSPECTION,
                day=date(2019, 3, 6),
                day_end=date(2019, 3, 7),
            ),
            said(
                "Инспекция подтвердила выполнение договора в части заявленного вооружения.",
                Role.CLAIM,
                INSPECTION_2,
                day=date(2019, 3, 7),
                language="ru",
            ),
        ),
        (own("Inspections are likely to go on at the same pace.", Role.OUTLOOK),),
    ),
    sources=(INSPECTION, INSPECTION_2),
    matched=("inspectors", "Инспекция"),
    score=5.1,
)

BUILDUP = cite(PACT, "battalion", (2019, 3, 9, 11, 0), (0, 122), "Fourth rotation arrives early")
BUILDUP_2 = cite(VAYAR_EN, "concern", (2019, 3, 9, 17, 0), (61, 190), "Concern over build-up at the western border")

BUILDUP_ITEM = Item(
    id="e55b10",
    story="st-e55b10",
    rules=("pact-posture",),
    headline="Northern Pact moves a battalion to Trom as Vayar calls the build-up a threat",
    headline_from="battalion",
    headline_language="en",
    status=Status(
        Verdict.WORSE,
        "Troops moved in before the announced date, and a transit agreement was suspended in answer.",
        -4.0,
        2.0,
        2,
        (
            cue(BUILDUP, "arrived", -2.0, "The battalion arrived three weeks ahead of schedule.", plover="MOBILIZE"),
            cue(BUILDUP_2, "suspended", -2.0, "The transit agreement is suspended until further notice.", plover="REDUCE"),
        ),
    ),
    paragraphs=(
        (own("Both sides answer each other’s moves within days, which leaves less room for the talks that opened this week."),),
        (
            said(
                "The rotational battalion arrived in Trom on 8 March, three weeks ahead of schedule.",
                Role.EVENT,
                (
                    BUILDUP,
                    cite(TROM, "battalion", (2019, 3, 8, 18, 0)),
                    cite(COURIER, "battalion", (2019, 3, 9, 6, 0)),
                    cite(INSTITUTE, "note", (2019, 3, 9, 9, 0)),
                    cite(SVABODNY, "batalyon", (2019, 3, 9, 10, 0)),
                    cite(EMBASSY, "statement", (2019, 3, 9, 12, 0)),
                ),
                day=date(2019, 3, 8),
            ),
            said(
                "The transit agreement is suspended until further notice, and the border garrisons will be reinforced.",
                Role.CLAIM,
                BUILDUP_2,
                day=date(2019, 3, 9),
                speaker="Vayar’s Foreign Ministry",
            ),
            said(
                "The ministry gave no date for its return.",
                Role.EVENT,
                BUILDUP_2,
                day=date(2019, 3, 9),
            ),
        ),
        (
            said(
                "The agreement had been in force since June 2015.",
                Role.BACKGROUND,
                cite(COURIER, "transit", (2019, 3, 9, 20, 0), (80, 128)),
                day=date(2015, 6, 1),
            ),
        ),
        (
            own(
                "Further reinforcement is likely while the transit agreement stays suspended; its return would be the first sign of a reversal.",
                Role.OUTLOOK,
            ),
        ),
    ),
    sources=(BUILDUP, BUILDUP_2, cite(COURIER, "transit", (2019, 3, 9, 20, 0))),
    matched=("battalion", "build-up"),
    score=7.4,
)

NOTE_1 = Note(
    "st-901",
    "Trom and Orland agree to share radar data along the frontier",
    "en",
    "https://trom.example/radar",
    TROM,
    datetime(2019, 3, 7, 9, 0, tzinfo=UTC),
    2,
)
NOTE_2 = Note(
    "st-902",
    "Міністр абароны наведаў вучэнні пад Ліпавіцай",
    "be",
    "https://svabodny.example/vucenni",
    SVABODNY,
    datetime(2019, 3, 8, 9, 0, tzinfo=UTC),
)

TITLES = {"en": "Frontier Weekly", "be": "Памежны тыднёвік", "ru": "Пограничный еженедельник"}
SECTION_TITLES = {
    "contacts": {"en": "Military contacts", "be": "Ваенныя кантакты", "ru": "Военные контакты"},
    "posture": {"en": "Alliance posture", "be": "Сілы альянсу", "ru": "Силы альянса"},
    "law": {"en": "Law and doctrine", "be": "Права і дактрына", "ru": "Право и доктрина"},
}
GLANCE = {
    "contacts": {
        "en": "a resident attaché was accredited and treaty inspections went on as planned",
        "be": "акрэдытаваны пастаянны аташэ, інспекцыі паводле дамовы ідуць па плане",
        "ru": "аккредитован постоянный атташе, инспекции по договору идут по плану",
    },
    "posture": {
        "en": "a battalion came early and a transit agreement was suspended in answer",
        "be": "батальён прыбыў раней, у адказ прыпынена транзітнае пагадненне",
        "ru": "батальон прибыл раньше срока, в ответ приостановлено соглашение о транзите",
    },
    "law": {"en": "", "be": "", "ru": ""},
}
PROMISE = {
    "en": "Every Monday, what moved on the frontier and how we know. Each sentence is cited, each status is argued.",
    "be": "Кожны панядзелак — што змянілася на мяжы і адкуль гэта вядома. Кожны сказ мае крыніцу, кожная ацэнка — довады.",
    "ru": "Каждый понедельник — что изменилось на границе и откуда это известно. У каждой фразы есть источник, у каждой оценки — доводы.",
}

DIGEST = Digest(
    id="frontier-weekly",
    title=TITLES,
    languages=("en", "be", "ru"),
    schedule=Schedule(0, time(8, 0), "Europe/Minsk"),
    sections=tuple(Section(name, titles, ("military-attaches",)) for name, titles in SECTION_TITLES.items()),
    promise=PROMISE,
    feedback="mailto:desk@frontier.example",
)

COVERAGE = Coverage(
    feeds_polled=116,
    articles_read=1204,
    articles_matched=43,
    copies_folded=12,
    stories=9,
    failed=(
        FailedSource("lumen-radio", "Radio Lumen", "answers 403 to every request", datetime(2019, 2, 26, 3, 0, tzinfo=UTC)),
        FailedSource(
            "trom-mod",
            "Trom Ministry of Defence",
            "no new entry for 16 days, against a rhythm of 1.5 days",
            datetime(2019, 2, 22, 3, 0, tzinfo=UTC),
        ),
    ),
    without_text=3,
    by_language={"en": 512, "ru": 498, "be": 194},
    by_stance={"state": 420, "independent": 301, "exile": 222, "neighbour": 140, "alliance": 61, "think-tank": 60},
)


def sample_edition(language="en"):
    """The edition in one language: furniture and section words change, quoted sentences stay as their sources wrote them."""
    contacts = EditionSection(
        "contacts",
        SECTION_TITLES["contacts"][language],
        Status(Verdict.BETTER, "A channel was opened and used.", 4.0, 2.0, 4),
        GLANCE["contacts"][language],
        (ATTACHE_ITEM, INSPECTION_ITEM),
        (NOTE_1, NOTE_2),
        (0, 1, 1, 0, 2, 3, 1, 0, 0, 2, 1, 4),
    )
    posture = EditionSection(
        "posture",
        SECTION_TITLES["posture"][language],
        Status(Verdict.WORSE, "Troops moved in and an agreement was suspended.", -4.0, 2.0, 2),
        GLANCE["posture"][language],
        (BUILDUP_ITEM,),
        (),
        (1, 0, 0, 1, 1, 2, 0, 1, 3, 2, 2, 2),
    )
    law = EditionSection(
        "law",
        SECTION_TITLES["law"][language],
        Status(Verdict.UNCHANGED, "No matched story."),
        GLANCE["law"][language],
        history=(0,) * 12,
    )
    return Edition(
        digest="frontier-weekly",
        title=TITLES[language],
        language=language,
        window=WEEK,
        key=date(2019, 3, 11),
        due_at=datetime(2019, 3, 11, 5, 0, tzinfo=UTC),
        number=10,
        week_line=week_line(WEEK.first_day, WEEK.last_day, language),
        sections=(contacts, posture, law),
        watch=(
            WatchDate(
                date(2019, 3, 19),
                said(
                    "The joint commission meets in Lipavitsa on 19 March.",
                    Role.OUTLOOK,
                    cite(VAYAR_EN, "commission", (2019, 3, 9, 8, 0)),
                    day=date(2019, 3, 19),
                ),
            ),
            WatchDate(
                date(2019, 3, 24),
                said(
                    "Учения двух стран начнутся 24 марта.",
                    Role.OUTLOOK,
                    cite(MINISTRY, "ucheniya", (2019, 3, 8, 8, 0)),
                    day=date(2019, 3, 24),
                    language="ru",
                ),
            ),
        ),
        coverage=COVERAGE,
        promise=PROMISE[language],
        permalink=f"https://monitor.frontier.example/frontier-weekly/2019-W10/{language}/",
        ruleset="9c1fe20b7d44",
    )


def hostile_edition():
    """Titles and texts that try to break out: markup, quotes, direction overrides, controls, bad schemes, the send-time token."""
    evil = '<script>alert("1")</script>\' onload=x \u202egnol\u2066 \x07\x85 {{UNSUBSCRIBE_URL}} ]]> &amp; ' + "x" * 300
    bad = replace(ATTACHE_1, url="javascript:alert(1)", title=evil, source=replace(EMBASSY, name=evil, feed='f"><script>'))
    token_url = replace(ATTACHE_2, url='https://evil.example/?{{UNSUBSCRIBE_URL}}"><script>alert(2)</script>')
    item = replace(
        ATTACHE_ITEM,
        id='x"><script>alert(3)</script>',
        headline=evil,
        paragraphs=((said(evil, Role.EVENT, (bad, token_url), day=date(2019, 3, 5), speaker=evil),),),
        sources=(bad, token_url),
        copies=(CopyFold(bad, (token_url,)),),
        matched=(evil,),
        similar=(SimilarStory("s", evil, "data:text/html,<script>", datetime(2019, 1, 1, tzinfo=UTC), evil, "en"),),
        status=replace(ATTACHE_ITEM.status, reason=evil, override=evil),
    )
    edition = sample_edition()
    section = replace(
        edition.sections[0], title=evil, glance=evil, items=(item,), notes=(replace(NOTE_1, title=evil, url="//evil.example"),)
    )
    return replace(edition, title=evil, sections=(section,), promise=evil, subject=evil)


def large_edition(count=120, language="ru"):
    """So many items that no mail could hold them; scores fall with the number."""
    edition = sample_edition(language)
    items = tuple(replace(ATTACHE_ITEM, id=f"n{number:03d}", score=float(count - number)) for number in range(count))
    half = count // 2
    sections = (replace(edition.sections[0], items=items[:half]), replace(edition.sections[1], items=items[half:]))
    return replace(edition, sections=sections)
