"""Months, weekdays and words like "yesterday" by language, as data for finding dates in prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words of one language. Alternatives are separated by a bar; all are lower case.

    `months` are twelve patterns for "5 March"; `in_months` the forms after `in_word` ("в марте"); `weekdays` seven patterns, Monday first.
    `days` maps a pattern to an offset in days, `weeks` and `month_offsets` map a pattern to an offset in weeks and months.
    """

    months: tuple[str, ...]
    in_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    in_word: str
    on_word: str
    last: str
    next: str
    this: str
    through: str
    both: str
    year: str
    of_document: str
    between: str
    parts_of_year: str
    days: Mapping[str, int]
    weeks: Mapping[str, int]
    month_offsets: Mapping[str, int]
    year_offsets: Mapping[str, int]
    ago: str = ""
    """A pattern with the groups `n` and `unit` for "three days ago"."""
    month_first: bool = False
    capital_months: bool = False


NUMBERS: Mapping[str, int] = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
    "один": 1,
    "два": 2,
    "две": 2,
    "три": 3,
    "четыре": 4,
    "пять": 5,
    "шесть": 6,
    "семь": 7,
    "десять": 10,
    "адзін": 1,
    "дзве": 2,
    "тры": 3,
    "чатыры": 4,
    "пяць": 5,
    "шэсць": 6,
    "сем": 7,
    "дзесяць": 10,
    "дві": 2,
    "чотири": 4,
    "п'ять": 5,
    "шість": 6,
    "сім": 7,
    "dwa": 2,
    "trzy": 3,
    "cztery": 4,
    "pięć": 5,
    "sześć": 6,
    "siedem": 7,
    "dziesięć": 10,
}

UNITS: Mapping[str, int] = {"d": 1, "w": 7}
"""Days in the unit whose pattern group is named so."""

_EN = DateWords(
    months=(
        *("january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug"),
        *("september|sept|sep", "october|oct", "november|nov", "december|dec"),
    ),
    in_months=(
        *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
        *("october", "november", "december"),
    ),
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    in_word=r"(?:in|during|since|until|by)(?: early| late| mid| the end of| the middle of)?",
    on_word="on|by|until|since",
    last="last|past|previous",
    next="next|coming",
    this="this",
    through="to|until|till|through",
    both="and",
    year="",
    of_document="of|dated",
    between="between",
    parts_of_year="half|quarter|end|middle|beginning|start|spring|summer|autumn|fall|winter",
    days={
        "the day before yesterday": -2,
        "yesterday": -1,
        "today|tonight|this morning|this afternoon|this evening": 0,
        "tomorrow": 1,
        "the day after tomorrow": 2,
    },
    weeks={
        "last week|the past week|the previous week": -1,
        "this week|earlier this week|later this week": 0,
        "next week|the coming week": 1,
    },
    month_offsets={"last month": -1, "this month|later this month|earlier this month": 0, "next month": 1},
    year_offsets={"last year": -1, "this year": 0, "next year": 1},
    ago=r"(?P<n>\d{1,2}|a|one|two|three|four|five|six|seven|ten) (?:(?P<d>days?)|(?P<w>weeks?)) ago",
    month_first=True,
    capital_months=True,
)

_RU = DateWords(
    months=(
        *("января|янв", "февраля|февр|фев", "марта|мар", "апреля|апр", "мая", "июня|июн", "июля|июл", "августа|авг"),
        *("сентября|сент|сен", "октября|окт", "ноября|нояб|ноя", "декабря|дек"),
    ),
    in_months=(
        *("январе", "феврале", "марте", "апреле", "мае", "июне", "июле", "августе", "сентябре"),
        *("октябре", "ноябре", "декабре"),
    ),
    weekdays=("понедельник", "вторник", "сред[уы]", "четверг", "пятниц[уы]", "суббот[уы]", "воскресенье"),
    in_word="в|во",
    on_word="в|во|на|к",
    last="прошл(?:ый|ую|ое|ой)|минувш(?:ий|ую|ее)",
    next="следующ(?:ий|ую|ее)|ближайш(?:ий|ую|ее)",
    this="эт(?:от|у|о)",
    through="по|до",
    both="и",
    year=r"года|году|годов|гг?\.",
    of_document="от",
    between="между",
    parts_of_year="весной|летом|осенью|зимой|половине|конце|начале|середине|конца|начала|квартале",
    days={"позавчера": -2, "вчера|накануне": -1, "сегодня": 0, "завтра": 1, "послезавтра": 2},
    weeks={
        "на прошлой неделе|на минувшей неделе|неделей ранее": -1,
        "на этой неделе|на текущей неделе": 0,
        "на следующей неделе|на будущей неделе|на предстоящей неделе": 1,
    },
    month_offsets={
        "в прошлом месяце|месяцем ранее": -1,
        "в этом месяце|в текущем месяце": 0,
        "в следующем месяце|в будущем месяце": 1,
    },
    year_offsets={"в прошлом году": -1, "в этом году|в текущем году|в нынешнем году": 0, "в следующем году|в будущем году": 1},
    ago=r"(?P<n>\d{1,2}|один|два|две|три|четыре|пять|шесть|семь|десять) (?:(?P<d>дн\w+|день)|(?P<w>недел\w+)) назад",
)

_BE = DateWords(
    months=(
        *("студзеня|студз|studzienia", "лютага|лют|lutaha", "сакавіка|сак|sakavika", "красавіка|крас|krasavika"),
        *("мая|траўня|maja|traŭnia", "чэрвеня|чэрв|červienia", "ліпеня|ліп|lipienia", "жніўня|жн|žniŭnia"),
        *("верасня|верасьня|вер|vieraśnia", "кастрычніка|кастр|kastryčnika", "лістапада|ліст|listapada"),
        "снежня|сьнежня|снеж|śniežnia",
    ),
    in_months=(
        *("студзені|studzieni", "лютым|lutym", "сакавіку|sakaviku", "красавіку|krasaviku", "маі|траўні|mai|traŭni"),
        *("чэрвені|červieni", "ліпені|lipieni", "жніўні|žniŭni", "верасні|верасьні|vieraśni", "кастрычніку|kastryčniku"),
        *("лістападзе|listapadzie", "снежні|сьнежні|śniežni"),
    ),
    weekdays=(
        *("панядзелак|paniadziełak", "аўторак|aŭtorak", "серад[уы]|sieradu", "чацвер|čaćvier", "пятніц[уы]|piatnicu"),
        *("субот[уы]|subotu", "нядзел[юі]|niadzielu"),
    ),
    in_word="у|ў|u|ŭ",
    on_word="у|ў|ва|на|да|u|ŭ|na",
    last="мінул(?:ы|ую|ай)|minuł(?:y|uju)",
    next="наступн(?:ы|ую)|бліжэйш(?:ы|ую)",
    this="гэт(?:ы|у|ую)",
    through="па|да|pa|da",
    both="і|ды|i",
    year=r"года|годзе|гадоў|гг?\.|hoda|hodzie",
    of_document="ад|ad",
    between="паміж",
    parts_of_year="вясной|летам|увосень|увосені|восенню|зімой|палове|канцы|пачатку|сярэдзіне|канца|квартале",
    days={
        "пазаўчора|пазаўчара": -2,
        "учора|ўчора|напярэдадні|učora": -1,
        "сёння|сёньня|siońnia": 0,
        "заўтра|zaŭtra": 1,
        "паслязаўтра": 2,
    },
    weeks={"на мінулым тыдні": -1, "на гэтым тыдні": 0, "на наступным тыдні|на будучым тыдні": 1},
    month_offsets={"у мінулым месяцы": -1, "у гэтым месяцы": 0, "у наступным месяцы": 1},
    year_offsets={
        "у мінулым годзе|летась": -1,
        "у гэтым годзе|сёлета": 0,
        "у наступным годзе|налета": 1,
    },
    ago=r"(?P<n>\d{1,2}|адзін|два|дзве|тры|чатыры|пяць|шэсць|сем|дзесяць) (?:(?P<d>дзён|дні|дзень)|(?P<w>тыдн\w+)) таму",
)

_UK = DateWords(
    months=(
        *("січня|січ", "лютого|лют", "березня|бер", "квітня|квіт", "травня|трав", "червня|черв", "липня|лип", "серпня|серп"),
        *("вересня|вер", "жовтня|жовт", "листопада|лист", "грудня|груд"),
    ),
    in_months=(
        *("січні", "лютому", "березні", "квітні", "травні", "червні", "липні", "серпні", "вересні"),
        *("жовтні", "листопаді", "грудні"),
    ),
    weekdays=("понеділок", "вівторок", "серед[уи]", "четвер", "п['’ʼ]ятниц[юі]", "субот[уи]", "неділ[юі]"),
    in_word="у|в",
    on_word="у|в|на|до",
    last="минул(?:ий|у|ої)",
    next="наступн(?:ий|у|ої)",
    this="ц(?:ей|ю)",
    through="по|до",
    both="і|й|та",
    year=r"року|році|років|рр?\.",
    of_document="від",
    between="між",
    parts_of_year="навесні|влітку|восени|взимку|половині|кінці|початку|середині|кінця|кварталі",
    days={"позавчора": -2, "вчора|учора|напередодні": -1, "сьогодні": 0, "завтра": 1, "післязавтра": 2},
    weeks={"минулого тижня|на минулому тижні": -1, "цього тижня|на цьому тижні": 0, "наступного тижня|на наступному тижні": 1},
    month_offsets={"минулого місяця": -1, "цього місяця": 0, "наступного місяця": 1},
    year_offsets={"минулого року|торік": -1, "цього року|цьогоріч": 0, "наступного року": 1},
    ago=r"(?P<n>\d{1,2}|один|два|дві|три|чотири|п'ять|шість|сім) (?:(?P<d>дн\w+|день)|(?P<w>тижн\w+)) тому",
)

_PL = DateWords(
    months=(
        *("stycznia|sty", "lutego|lut", "marca|mar", "kwietnia|kwi", "maja", "czerwca|cze", "lipca|lip", "sierpnia|sie"),
        *("września|wrz", "października|paź", "listopada|lis", "grudnia|gru"),
    ),
    in_months=(
        *("styczniu", "lutym", "marcu", "kwietniu", "maju", "czerwcu", "lipcu", "sierpniu", "wrześniu"),
        *("październiku", "listopadzie", "grudniu"),
    ),
    weekdays=("poniedziałek", "wtorek", "środ[ęy]", "czwartek", "piątek", "sobot[ęy]", "niedziel[ęi]"),
    in_word="w|we",
    on_word="w|we|na|do",
    last="zeszł(?:y|ą)|ubiegł(?:y|ą|ej)|miniony",
    next="przyszł(?:y|ą)|następn(?:y|ą)",
    this="t(?:en|ę)",
    through="do|po",
    both="i|oraz",
    year=r"roku|r\.",
    of_document="z",
    between="między",
    parts_of_year="wiosną|latem|jesienią|zimą|połowie|końcu|początku|końca|kwartale",
    days={"przedwczoraj": -2, "wczoraj": -1, "dzisiaj|dziś": 0, "jutro": 1, "pojutrze": 2},
    weeks={"w zeszłym tygodniu|w ubiegłym tygodniu": -1, "w tym tygodniu": 0, "w przyszłym tygodniu": 1},
    month_offsets={"w zeszłym miesiącu|w ubiegłym miesiącu": -1, "w tym miesiącu": 0, "w przyszłym miesiącu": 1},
    year_offsets={"w zeszłym roku|w ubiegłym roku": -1, "w tym roku": 0, "w przyszłym roku": 1},
    ago=r"(?P<n>\d{1,2}|dwa|trzy|cztery|pięć|sześć|siedem) (?:(?P<d>dni|dzień)|(?P<w>tygodni\w*)) temu",
)

DATE_WORDS: Mapping[str, DateWords] = {"en": _EN, "ru": _RU, "be": _BE, "uk": _UK, "pl": _PL}
