"""Function words of the languages a desk reads, folded: words that say nothing of what an article is about. Data, no topics."""

from __future__ import annotations

_EN = """
the and for are was were been has have had his her its their our your this that these those with from into onto upon about after
before over under between during against through within without which who whom whose what when where why how there here then than
they them she him you not nor but can could will would shall should may might must also only just more most much many such some any
all both each every other another same own out off too very does did doing being because while until since though although however
said says say told according new now one two three first last year years day days week month time people get got made make
"""
_RU = """
что как это этот эта эти этого этой этом этих который которая которое которые которого которой которых для при про под над без
или если чтобы когда где там тут так тоже также уже еще только был была было были быть будет будут есть нет его она они оно мне
нам нас вас вам ему ним ними них все всех весь вся всего свой своей своих своего после перед между через около более менее можно
нужно кто чем том тем того той тех такой такая такие такого один одна два две три году года лет дня дней время сказал сообщил
заявил словам отметил сегодня вчера завтра потому поэтому однако лишь даже ведь либо
"""
_BE = """
што гэта гэты гэтая гэтыя гэтага гэтай якi які якая якое якія якога якой якіх для пры пра пад над без або калі каб дзе там тут так
таксама ужо яшчэ толькі быў была было былі быць будзе будуць ёсць няма яго яна яны яно мне нам нас вас вам яму імі усе усіх увесь уся
усяго свой сваёй сваіх свайго пасля перад паміж праз каля больш менш можна трэба хто чым тым таго той тых такі такая такія такога
адзін адна два дзве тры годзе года гадоў дня дзён час сказаў паведаміў заявіў словах адзначыў сёння учора заўтра таму аднак нават
"""
_UK = """
що як цей ця ці це цього цієї цих який яка яке які якого якої яких для при про під над без або якщо щоб коли там тут так також вже
ще тільки був була було були бути буде будуть немає його вона вони воно мені нам нас вас вам йому ними них всі всіх весь вся всього
свій своєї своїх свого після перед між через біля більше менше можна треба хто чим тим того той тих такий така такі такого один
одна два дві три році року років дня днів час сказав повідомив заявив словами зазначив сьогодні вчора завтра тому однак навіть
"""
_PL = """
oraz jest był była było były być będzie będą nie tak tylko także już jeszcze który która które którego której których dla przy pod nad
bez albo jeśli żeby gdy kiedy gdzie tam tutaj jego jej ich ona oni ono wszystkie wszystkich cały swój swoje swoich przed między przez
około więcej mniej można trzeba kto czym tym tego tej tych taki taka takie jeden dwa trzy roku lat dni czas powiedział poinformował
"""
_LT = """
kad yra buvo bus ir bet arba jei kai kur čia ten taip pat dar tik jau kuris kuri kurie kurio kurios kurių apie prie po prieš tarp per
jis jie jos jų jam visi visų savo daugiau mažiau galima reikia kas tai tas šis ši šie vienas du trys metų metais dienų sakė pranešė
"""

_CALENDAR = """
january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
"""
"""Written with capitals in English, so that they would pass for names."""

STOP_WORDS = frozenset(word.replace("ё", "е") for words in (_EN, _CALENDAR, _RU, _BE, _UK, _PL, _LT) for word in words.split())
