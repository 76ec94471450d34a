"""Words that make a headline bait, and verbs that make it a clause, by language, as data."""

from __future__ import annotations


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split(" "))


BAIT = (
    r"you won't believe|shocking|here's (?:why|what|how)|what (?:we know|you need to know|happened)|everything (?:we|you)|breaking|exclusive|live|"
    r"watch|photos?|videos?|in pictures|explained|"
    r"что известно|вот (?:почему|что|как)|шок\w*|сенсаци\w*|эксклюзив\w*|срочно|молния|фото|видео|онлайн|подробности|стало известно|названы?|"
    r"што вядома|вось (?:чаму|што|як)|тэрмінова|фота|відэа|эксклюзі[ўв]\w*|падрабязнасці|стала вядома|"
    r"що відомо|ось (?:чому|що|як)|терміново|відео|szok\w*|pilne|wideo|zdjęcia"
)
"""Words that promise instead of telling; alternatives separated by a bar."""

QUESTION_WORDS = (
    r"why|what|how|who|when|where|which|почему|зачем|что|как|кто|когда|где|сколько|чаму|навошта|што|як|хто|калі|дзе|колькі|чому|навіщо|хто|коли|де|"
    r"dlaczego|co|jak|kto|kiedy|gdzie"
)

ENGLISH_VERBS = _words(
    "is are was were be has have had do does did will would can could may might must should gets goes "
    "says said tells told holds held meets met sends sent sees saw takes took makes made gives gave puts keeps kept leaves left "
    "begins began builds built brings brought buys cuts drops finds found grows grew hits joins led lets loses lost "
    "pays rises rose runs sets shows shuts signs speaks spoke stands stays strikes talks wants warns wins won "
    "accredits accuses agrees aims allows approves asks backs bans blames calls checks claims closes condemns confirms considers "
    "continues convenes criticises criticizes denies deploys discusses ends expands expels extends fears hosts inspects invites "
    "launches moves opens orders plans praises prepares proposes pulls questions ratifies reaches receives refuses reinforces "
    "rejects releases reopens reports returns seeks starts steps suspends tests threatens trains travels urges verifies visits "
    "votes welcomes widens withdraws"
)
"""Finite verbs frequent in headlines."""

ENGLISH_BASES = _words(
    "hold meet send see take make give keep leave begin build bring find grow join lead run set show speak stand stay strike talk want "
    "open close start end plan visit inspect check discuss agree sign deploy host receive move train seek draw draft expel accredit "
    "withdraw suspend resume restore expand extend continue return invite watch look travel end prepare hear need fear ask urge warn "
    "accuse aim allow answer approve back ban blame call claim condemn confirm consider convene deny deploy double end fear fight fly "
    "honour hope launch leave lose march order patrol pay pledge praise promise propose pull push question raise ratify reach refuse "
    "reinforce reject release reopen report rise say settle share shut station step stop swap tell test threaten verify voice vote "
    "wait weigh welcome widen win worry"
)
"""Plain forms, which are verbs after "to" or "will" or a plural subject, and often nouns elsewhere."""

SLAVIC_VERB = (
    r"\w+(?:ет|ёт|ит|ат|ят|ут|ют|ется|ится|утся|ются|атся|ятся|л|ла|ло|ли|лся|лась|лось|лись|ены?|ена|ено|"  # ru
    r"ае|уе|ее|іць|ыць|аць|яць|уць|юць|ецца|іцца|аецца|ўся|лася|лося|ліся|ў|лі|ены|ена|ена|"  # be
    r"є|ить|ать|ять|уть|ють|ться|вся|лися|в|"  # uk
    r"aje|uje|ie|ić|ał|ała|ali|ył|yła|yli|ił|iła|ili|ano)"  # pl
)
"""Endings of finite verbs and short participles; it takes some nouns for verbs, which only costs a headline its lead."""

SMALL_WORDS = _words(
    "a an the and or but nor for of in on at to by from with as into over under after before near against between"
)
"""Words that title case leaves small in sentence case whatever the text says."""
