"""Words that the verifier of a language model's sentences goes by, in each language it knows, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VerifyWords:
    """The words of one language, in lower case.

    `transitions` may open a sentence without standing in a source: none says when, why, or although what. `same_time` are those that
    tie two events of the edition's week. `negations` turn a sentence over. `guards` are words that a passage cannot lose without
    meaning something else: negations, doubts, conditions, exceptions, intentions, what is merely said. `on` are prepositions that go
    with a day when it is left out. `tails` open a last clause that can be left out: in
    English what a comma parts only adds; in Russian and Belarusian it may say which of them is meant, and stays.
    """

    transitions: tuple[str, ...]
    same_time: tuple[str, ...]
    negations: frozenset[str]
    guards: frozenset[str]
    on: frozenset[str]
    tails: frozenset[str]
    cyrillic: bool


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EN_NOT = _words(
    "not no never none nobody nothing neither nor nowhere without cannot can't cant don't doesn't didn't won't wouldn't isn't aren't "
    "wasn't weren't hasn't haven't hadn't shouldn't couldn't mustn't hardly barely scarcely"
)
_RU_NOT = _words(
    "не ни нет без никогда никто никого никому ничто ничего нигде никакой никаких никакого нельзя невозможно едва отнюдь"
)
_BE_NOT = _words(
    "не ні няма без ніколі ніхто нікога нікому нішто нічога нідзе ніякі ніякіх ніякага нельга немагчыма ледзь наўрад"
)

VERIFY_WORDS: Mapping[str, VerifyWords] = {
    "en": VerifyWords(
        transitions=("In addition", "Separately", "Also"),
        same_time=("Meanwhile", "At the same time"),
        negations=_EN_NOT,
        guards=_EN_NOT
        | _words(
            "may might could would should will shall must can if unless until whether although though however but except excluding save only "
            "merely almost nearly about allegedly reportedly apparently perhaps possibly likely unlikely probably supposedly purportedly "
            "claims claimed claim says said say told tells reported reports according announced denied denies deny refused rejects rejected "
            "plans planned plan intends hopes wants seeks aims expected due former formerly then later before after because false falsely "
            "fake hoax wrongly alleged suspected so-called failed fails stopped ended joked provided pending instead rather "
            "think thinks believe believes feared fears argue argues insist insists suggest suggests assume assumes warned warns given assuming "
            "once when while as case subject under nominally formally officially ostensibly self-proclaimed breakaway proposed draft "
            "potential possible attempted would-be theory what how why that whether"
        ),
        on=_words("on at"),
        tails=_words("which where including"),
        cyrillic=False,
    ),
    "ru": VerifyWords(
        transitions=("Кроме того", "Отдельно", "Также"),
        same_time=("Тем временем", "В то же время"),
        negations=_RU_NOT,
        guards=_RU_NOT
        | _words(
            "может могут мог могла могли бы будет будут если пока ли хотя однако но а кроме исключая только лишь почти около якобы возможно "
            "вероятно видимо заявил заявила заявили заявляет сообщил сообщила сообщили сказал сказала по данным словам мнению отверг отрицает "
            "отказался отказалась отказались планирует планируют намерен намерены хочет хотят должен должна должны ожидается бывший бывшая "
            "затем потом после до ложный ложно фейк обвинил прекратил прекратила вместо чтобы будто что "
            "считает считают утверждает утверждают предупредил предупредила условии условиям случае когда номинально формально официально "
            "предполагаемый возможный предложенный попытка попытку проект как словно при"
        ),
        on=_words("в во"),
        tails=_words("включая"),
        cyrillic=True,
    ),
    "be": VerifyWords(
        transitions=("Акрамя таго", "Асобна", "Таксама"),
        same_time=("Тым часам", "У той жа час"),
        negations=_BE_NOT,
        guards=_BE_NOT
        | _words(
            "можа могуць мог магла маглі бы будзе будуць калі пакуль ці хоць аднак але а акрамя апроч толькі амаль каля нібыта магчыма "
            "верагодна відаць заявіў заявіла заявілі заяўляе паведаміў паведаміла паведамілі сказаў сказала паводле словах адмаўляе адхіліў "
            "адмовіўся адмовілася адмовіліся плануе плануюць мае маюць хоча хочуць павінен павінна павінны чакаецца былы былая затым потым "
            "пасля да ілжывы фэйк спыніў спыніла замест каб быццам што "
            "лічыць лічаць сцвярджае сцвярджаюць папярэдзіў папярэдзіла умове ўмове выпадку намінальна фармальна афіцыйна меркаваны "
            "магчымы прапанаваны спроба спробу праект як нібы пры"
        ),
        on=_words("у ў ва"),
        tails=_words("уключаючы ўключаючы"),
        cyrillic=True,
    ),
}
