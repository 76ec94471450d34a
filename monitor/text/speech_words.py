"""Verbs of saying, words of the future and openings that lean on the sentence before, by language, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """Patterns of one language; alternatives are separated by a bar.

    `say` are verbs that report, `claim` verbs that make what follows a claim; `according` opens an attribution that stands apart from
    the clause; `future` marks what has not happened; `leaning` are openings that need the sentence before; `not_speakers` are words that
    stand where a speaker could, but name nobody.
    """

    say: str
    claim: str
    according: str
    future: str
    leaning: str
    not_speakers: str
    reporting_tail: str = ""
    """Words that tie a reporting clause to what it reports ("as", «как»)."""
    that: str = ""
    conjunctions: str = ""
    pronouns: str = ""
    """Personal pronouns that can be the subject of a verb of saying."""
    date_prepositions: str = ""
    persons: str = ""
    """Pronouns that stand for a person named before."""
    first_person: str = ""
    """"We" and "I", which in a quotation mean its speaker."""
    openers: str = ""
    """Adverbs before a subject that are no part of it."""
    not_first: str = "which|whose|that|who|besides|among|after|for|from|with|about|despite|instead of|because of"
    """Prepositions with which no speaker begins (an institution may: "in the ministry they said")."""
    places: str = ""
    """Prepositions that end a speaker's name and begin where or when."""
    documents: str = ""
    """Stems of what can be named after "according to" without speaking: treaties, laws, plans."""
    subject_may_follow: bool = True
    """Whether the speaker may stand after the verb (free word order)."""


SPEECH_WORDS: Mapping[str, SpeechWords] = {
    "en": SpeechWords(
        say="said|says|told|tells|announced|announces|reported|reports(?! of| on| about)|stated|states(?= that)|noted|notes(?= that)|added|adds|explained|explains|"
        "confirmed(?= that)|confirms(?= that)|recalled|recalls|stressed|stresses|emphasi[sz]ed|emphasi[sz]es|remarked|informed|informs|declared|"
        "declares|revealed|commented|writes|wrote|has said|has told|has announced|has stated",
        claim="claimed|claims|argued|argues|believes|believed|accused|accuses|warned|warns|alleged|alleges|insisted|insists|called|calls|"
        "denied|denies|denounced|urged|urges|complained|regretted|regrets|considers|suggested|suggests|criticised|criticized|blamed|blames",
        according="according to|as reported by|in the words of|citing|quoted by|with reference to",
        future=r"(?-i:will|shall|won't|may|might|can)|(?:is|are|be) (?:due|set|expected|likely|unlikely|scheduled|planned|going|about|ready|"
        r"prepared|slated|to be)(?: to)?|(?:is|are) to \w+|plans? to|plans? (?:a|an|for)|planned for|intends? to|intended to|aims? to|"
        r"hopes? to|to be held|upcoming|scheduled for|expects? (?:to|that)|expected (?:to|in|on)|likely to|in the (?:coming|next) (?:days|weeks|months)",
        leaning=r"he|she|they|it|this|these|that|those|his|her|hers|their|theirs|its|him|them|such|both|there|then|thus|hence|so|however|but|"
        r"and|or|yet|also|moreover|besides|furthermore|in addition|meanwhile|therefore|nevertheless|nonetheless|otherwise|instead|likewise|"
        r"in turn|for (?:his|her|its|their) part|in (?:his|her|their|its) (?:words|opinion|view)|according to (?:him|her|them|it|this|that|these)|"
        r"the (?:latter|former)|the same|on the same (?:day|date)|at the same time|that said|as a result|for example|for instance|in particular|"
        r"among (?:them|these|those)|to this end|to that end|we|i|you|our|my|another|other|others|the (?:latest|next|first|last|second|third|other) (?:one|two)|still|similarly|after (?:that|this)|"
        r"because of (?:this|that)|earlier (?:he|she|they|it)|the (?:choice|move|decision|step|measure|idea|proposal|remark|words|comment|contacts|talks|announcement|change|event)(?! (?:of|to|by|in|on|with|between|at)(?!\w))",
        not_speakers="the|a|an|his|her|their|its|no|repeatedly|earlier|later|already|he|she|they|it|we|i|who|which|that|this|as|also|has|have|is|are|was|be|been|and|but|not|so|what|there|to|officials",
        reporting_tail="as",
        that="that",
        conjunctions="and|but|then",
        pronouns="he|she|they|it|who",
        persons="he|she|his|her|him",
        first_person=r"we|i|our|my",
        openers="earlier|later|meanwhile|also|then",
        places="at|in|on|during|after|following|before",
        date_prepositions="on|in",
        documents="treaty|treaties|agreement|law|document|plan|plans|schedule|article|constitution|doctrine|decree|convention|protocol",
        subject_may_follow=False,
    ),
    "ru": SpeechWords(
        say="сообщил[аио]?|сообща(?:ет|ют)|рассказал[аи]?|сказал[аи]?|отметил[аи]?|отмеча(?:ет|ют)|подчеркнул[аи]?|"
        "добавил[аи]?|добавля(?:ет|ют)|уточнил[аи]?|уточня(?:ет|ют)|пояснил[аи]?|поясня(?:ет|ют)|напомнил[аи]?|переда[её]т|передают|пишет|пишут|"
        "объявил[аи]?|проинформировал[аи]?|информирует|говорится|говорит|подтвердил[аи]?(?=, что)|указал[аи]?|доложил[аи]?|констатировал[аи]?",
        claim="заявил[аи]?|заявля(?:ет|ют)|считает|считают|утверждает|утверждают|обвинил[аи]?|обвиня(?:ет|ют)|предупредил[аи]?|полагает|полагают|уверен[аы]?|"
        "назвал[аи]?|называ(?:ет|ют)|призвал[аи]?|пригрозил[аи]?|раскритиковал[аи]?|выразил[аи]?|опроверг(?:ла|ли)?|пообещал[аи]?|усомнил(?:ся|ась)",
        according="по словам|по данным|по информации|по сообщению|по мнению|по утверждению|по заявлению|согласно|со ссылкой на|"
        "как сообщил[аи]?|как сообща(?:ет|ют)|как заявил[аи]?|как отметил[аи]?|как пишет|как переда[её]т|как рассказал[аи]?",
        future=r"буд(?:ет|ут|ем)|(?<!не )намерен[аоы]?|планиру(?:ет|ют|ется|ются)|запланирован\w*|(?<!не )собира(?:ется|ются)|предстоит|ожида(?:ется|ются|ют)|"
        r"мо(?:жет|гут)|предполага(?:ется|ют)|готов(?:ит|ят|ится|ятся)|пройд[её]т|пройдут|состо(?:ится|ятся)|начн[её]т(?:ся)?|"
        r"начнутся|провед[её]т|проведут|прибуд(?:ет|ут)|посет(?:ит|ят)|провер(?:ит|ят)|прим(?:ет|ут)|приед(?:ет|ут)|получ(?:ит|ат)|продл(?:ится|ятся)|"
        r"разместят?|разверн(?:ет|ут|ёт)|появ(?:ится|ятся)|встрет(?:ится|ятся)|обсуд(?:ит|ят)|подпиш(?:ет|ут)|установ(?:ит|ят)|выбер(?:ет|ут)|"
        r"заверш(?:ится|атся)|станет|станут|верн(?:ет|ут|ёт)|усил(?:ит|ят)|увелич(?:ит|ат)|предстоящ\w+|в ближайш\w+|жд(?:ет|ут|ёт)",
        leaning=r"именно (?:поэтому|так|это)|он|она|оно|они|его|ее|её|их|ему|ей|им|это|этот|эта|эти|этого|этом|этому|тот|та|те|так(?:ой|ая|ую|ое|ие|ого|ому|им|ими|их)|там|тогда|тем|туда|"
        r"однако|но|а|и|или|да|также|кроме (?:того|этого)|при этом|поэтому|тем не менее|впрочем|между тем|тем временем|в свою очередь|зато|причем|"
        r"причём|притом|более того|в частности|например|так|таким образом|в результате|в то же время|в тот же день|в этот же день|после (?:этого|чего)|"
        r"до этого|об этом|по (?:его|ее|её|их) (?:словам|мнению|данным)|с (?:ним|ней|ними)|здесь|сам|сама|сами|мы|я|вы|наш[аеи]?|мой|моя|"
        r"другой|другая|другие|последний|последняя|последние|среди них|из них|оттуда|потому|к тому же|вместе с тем|напротив|иначе",
        not_speakers="об|этом|этого|при|он|она|они|оно|это|что|который|которая|которые|также|как|ранее|уже|не|и|а|но|тоже|там|так|журналистам|корреспонденту",
        reporting_tail="как",
        that="что|чтобы",
        conjunctions="и|а|но|затем",
        pronouns="он|она|они|оно",
        persons="он|она|они",
        first_person=r"мы|я|наш\w*|мо[йяеи]",
        openers="ранее|позже|также|тогда",
        not_first=r"котор\w+|среди|после|по|для|из|от|при|перед|с|со|о|об|к|за",
        places="на|в|во|по|после|перед|при",
        date_prepositions="в|во|на",
        documents=r"договор\w*|соглашени\w*|закон\w*|документ\w*|план\w*|график\w*|стать\w+|конституци\w+|доктрин\w+|указ\w*|конвенци\w+",
    ),
    "be": SpeechWords(
        say="паведаміў|паведаміла|паведамілі|паведамляе|паведамляюць|паведамлялася|расказаў|расказала|расказалі|сказаў|сказала|сказалі|адзначыў|"
        "адзначыла|адзначылі|адзначаюць|адзначае|падкрэсліў|падкрэсліла|дадаў|дадала|дадалі|удакладніў|удакладніла|удакладнілі|патлумачыў|патлумачыла|"
        "нагадаў|нагадала|нагадалі|перадае|перадаюць|піша|пішуць|абвясціў|абвясціла|абвясцілі|інфармуе|гаворыцца|кажа|кажуць|пацвердзі(?:ў|ла|лі)(?=, што)|"
        "распавёў|распавяла|заўважыў|заўважыла|skazaŭ|skazała|pavedamiŭ|paviedamiŭ|paviedamlaje|piša|kaža",
        claim="заявіў|заявіла|заявілі|заяўляе|заяўляюць|лічыць|лічаць|сцвярджае|сцвярджаюць|абвінаваціў|абвінаваціла|абвінавацілі|папярэдзіў|"
        "папярэдзіла|мяркуе|мяркуюць|упэўнены|упэўненая|назваў|назвала|назвалі|заклікаў|заклікала|раскрытыкаваў|выказаў|выказала|абверг|паабяцаў|"
        "бачыць|zajaviŭ|zajaviła|ličyć",
        according="паводле|са слоў|па словах|па звестках|на думку|па інфармацыі|згодна з|са спасылкай на|як паведаміў|як паведаміла|як паведамілі|"
        "як паведамляе|як заявіў|як піша|як перадае",
        future=r"будзе|будуць|(?<!не )мае намер|(?<!не )маюць намер|плану(?:е|юць|ецца|юцца)|запланаван\w*|(?<!не )збіра(?:ецца|юцца)|чака(?:ецца|юцца|юць)|мо(?:жа|гуць)|"
        r"пройдзе|пройдуць|адбудзецца|адбудуцца|пачнецца|пачнуцца|правядзе|правядуць|прыбудзе|прыбудуць|прыедзе|прыедуць|"
        r"наведае|наведаюць|правер(?:ыць|аць)|прыме|прымуць|атрымае|атрымаюць|размесц(?:іць|яць)|з['’ʼ]яв(?:іцца|яцца)|сустрэн(?:ецца|уцца)|"
        r"абмярку(?:е|юць)|падпіш(?:а|уць)|працягн(?:ецца|уцца)|акрэдыту(?:е|юць)|стане|стануць|рыхту(?:е|юць|ецца|юцца)|budzie|buduć|"
        r"маючы адбыцца|надыходзяч\w+",
        leaning=r"менавіта (?:таму|так|гэта)|ён|яна|яно|яны|яго|яе|іх|іхні|яму|ёй|ім|гэта|гэты|гэтая|гэтыя|гэтага|гэтым|той|тая|тыя|так(?:і|ая|ую|ое|ія|ога|ой|ому|ім|іх)|там|тады|туды|аднак|але|"
        r"а|і|ды|або|таксама|акрамя (?:таго|гэтага)|апроч (?:таго|гэтага)|пры гэтым|таму|тым не менш|між тым|тым часам|у сваю чаргу|затое|прычым|"
        r"больш за тое|у прыватнасці|напрыклад|так|такім чынам|у выніку|у той жа час|у той жа дзень|у гэты ж дзень|пасля (?:гэтага|таго|чаго)|пра гэта|"
        r"аб гэтым|па (?:яго|яе|іх) (?:словах|меркаванні)|паводле (?:яго|яе|іх|ягоных|ейных|іхніх)(?: слоў| словаў)?|з (?:ім|ёй|імі)|тут|сам|сама|самі|мы|я|вы|наш[аы]?|мой|"
        r"іншы|іншая|іншыя|сярод іх|з іх|да таго ж|разам з тым|наадварот|jon|jana|jany|heta|hety|ale|taksama|adnak",
        not_speakers="аб|гэтым|пра|ён|яна|яны|яно|гэта|што|які|якая|якія|таксама|як|раней|ужо|не|і|а|але|там|так|журналістам|карэспандэнту|jon|jana|jany",
        reporting_tail="як",
        that="што|каб",
        conjunctions="і|ды|а|але|потым",
        pronouns="ён|яна|яны|яно|jon|jana|jany",
        persons="ён|яна|яны|jon|jana|jany",
        first_person=r"мы|я|наш\w*|ма[йяеі]",
        openers="раней|пазней|таксама|тады",
        not_first=r"як(?:і|ая|ое|ую|ія|ога|ой|іх)|сярод|пасля|па|для|з|са|ад|пры|перад|пра|аб|да|за",
        places="на|у|ў|ва|падчас|пасля|перад|ŭ|u",
        date_prepositions="у|ў|ва|на|u|ŭ",
        documents=r"дагавор\w*|дамов\w+|пагадненн\w+|закон\w*|дакумент\w*|план\w*|графік\w*|артыкул\w*|канстытуцы\w+|дактрын\w+|указ\w*",
    ),
    "uk": SpeechWords(
        say="повідомив|повідомила|повідомили|повідомляє|повідомляють|розповів|розповіла|розповіли|сказав|сказала|сказали|зазначив|зазначила|"
        "зазначили|зазначає|підкреслив|підкреслила|додав|додала|додали|уточнив|уточнила|пояснив|пояснила|нагадав|нагадала|передає|пише|пишуть|"
        "оголосив|оголосила|інформує|йдеться|каже|кажуть|підтверди(?:в|ла|ли)(?=, що)",
        claim="заявив|заявила|заявили|заявляє|заявляють|вважає|вважають|стверджує|стверджують|звинуватив|звинуватила|попередив|попередила|"
        "переконаний|переконана|назвав|назвала|закликав|закликала|розкритикував|висловив|спростував|пообіцяв",
        according="за словами|за даними|за інформацією|на думку|згідно з|з посиланням на|як повідомив|як повідомила|як повідомляє|як заявив|як пише",
        future=r"буде|будуть|має намір|мають намір|плану(?:є|ють|ється|ються)|запланован\w*|збира(?:ється|ються)|очіку(?:ється|ються|ють)|може|можуть|"
        r"пройде|пройдуть|відбуд(?:еться|уться)|почн(?:еться|уться)|провед(?:е|уть)|прибуд(?:е|уть)|відвіда(?:є|ють)|перевір(?:ить|ять)|"
        r"прийме|приїд(?:е|уть)|отрима(?:є|ють)|розміст(?:ить|ять)|зустрін(?:еться|уться)|стане|готу(?:є|ють|ється)|\w+тиме(?:ться)?|\w+тимуть(?:ся)?",
        leaning=r"саме (?:тому|так|це)|він|вона|воно|вони|його|її|їх|їхній|йому|їй|їм|це|цей|ця|ці|цього|цьому|той|та|ті|такий|така|такі|там|тоді|туди|однак|проте|але|а|і|й|"
        r"або|також|крім (?:того|цього)|окрім (?:того|цього)|при цьому|тому|тим не менш|між тим|тим часом|у свою чергу|водночас|до того ж|зокрема|"
        r"наприклад|так|таким чином|у результаті|у той же день|того ж дня|після (?:цього|того|чого)|про це|за (?:його|її|їхніми) словами|тут|сам|сама|"
        r"ми|я|ви|наш[аі]?|інший|інша|інші|серед них|з них|разом з тим|навпаки",
        not_speakers="цьому|він|вона|вони|воно|це|що|який|яка|які|також|як|раніше|вже|не|і|й|а|але|там|так|про",
        reporting_tail="як",
        that="що|щоб",
        conjunctions="і|й|та|а|але",
        pronouns="він|вона|вони|воно",
        persons="він|вона|вони",
        first_person=r"ми|я|наш\w*|мі[йя]",
        openers="раніше|пізніше|також|тоді",
        not_first=r"як(?:ий|а|е|у|і|ого|ої|их)|серед|після|по|для|з|із|від|при|перед|про|до|за",
        places="на|у|в|під|після|перед",
        date_prepositions="у|в|на",
        documents=r"договор\w*|угод\w+|закон\w*|документ\w*|план\w*|графік\w*|статт\w+|конституці\w+|доктрин\w+|указ\w*|конвенці\w+",
    ),
    "pl": SpeechWords(
        say="powiedział|powiedziała|powiedzieli|poinformował|poinformowała|poinformowało|poinformowali|informuje|informują|podał|podała|podało|podali|podaje|"
        "przekazał|przekazała|przekazało|dodał|dodała|zaznaczył|zaznaczyła|podkreślił|podkreśliła|wyjaśnił|wyjaśniła|przypomniał|przypomniała|"
        "ogłosił|ogłosiła|ogłosiło|pisze|mówi|mówią|potwierdził[ay]?(?=, że)",
        claim="oświadczył|oświadczyła|twierdzi|twierdzą|uważa|uważają|oskarżył|oskarżyła|ostrzegł|ostrzegła|wezwał|wezwała|nazwał|nazwała|zapewnił|zaprzeczył",
        according="według|zdaniem|jak poinformował|jak podał|jak podaje|jak podała|powołując się na|cytowany przez",
        future=r"będzie|będą|zamierza(?:ją)?|planuje|planują|zaplanowan\w+|może|mogą|ma (?:się )?\w+ć|mają (?:się )?\w+ć|odbędzie|odbędą|rozpocznie|rozpoczną|"
        r"przybędzie|przybędą|oczekuje się|zostanie|zostaną",
        leaning=r"on|ona|ono|oni|one|jego|jej|ich|jemu|to|ten|ta|te|tego|tym|taki|taka|takie|tam|wtedy|jednak|ale|lecz|a|i|oraz|lub|także|również|ponadto|"
        r"poza tym|przy tym|dlatego|mimo to|tymczasem|z kolei|zaś|w szczególności|na przykład|tak|w rezultacie|jednocześnie|tego samego dnia|po tym|o tym|"
        r"jak (?:dodał|dodała|zaznaczył)|tu|sam|sama|my|ja|wy|nasz|inny|inna|inne|wśród nich|z nich|zarazem",
        not_speakers="tym|on|ona|oni|one|to|że|który|która|które|także|jak|już|nie|i|a|ale|tam|tak",
        reporting_tail="jak",
        that="że|żeby|aby",
        conjunctions="i|oraz|a|ale",
        pronouns="on|ona|oni|one",
        persons="on|ona|oni",
        first_person=r"my|ja|nasz\w*|m[óo]j",
        openers="wcześniej|później|także|wtedy",
        not_first="wśród|po|dla|z|ze|od|przy|przed|o|do|za",
        places="na|w|we|podczas|po|przed",
        date_prepositions="w|we|na",
        documents=r"traktat\w*|umow\w+|porozumieni\w+|ustaw\w+|dokument\w*|plan\w*|konstytucj\w+|konwencj\w+|dekret\w*",
    ),
}
