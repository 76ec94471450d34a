"""Recognises countries in several languages by the beginnings of their names in Latin letters. Data and a look-up, no topics.

Names of countries are translated, not transcribed (Turkey, Турция, Türkiye), so letters alone do not bring them together.
"""

from __future__ import annotations

from functools import lru_cache

from monitor.stories.romanise import romanise

_STEMS = {
    "AF": "afghan afgan", "AL": "albani", "AM": "armeni", "AT": "austri avstri", "AU": "australi avstrali",
    "AZ": "azerb", "BA": "bosni", "BE": "belgi belhi", "BG": "bulgar bolgar balhar balgar bolhar", "BR": "brazil brasil",
    "BY": "belarus belorus bielarus bialorus baltarus bilorus baltkriev", "CA": "canad kanad", "CH": "svitserl svitzerl shveitsar shvaitsar",
    "CN": "china chinese kitai kitau chins kinij", "CU": "cuba kuba kubin", "CY": "cypr cipr kipr", "CZ": "czech chesk chekh chesh",
    "DE": "german herman niemie niemc nimech nimets vokiet niamechch niamets nemets", "DK": "denm danish dani datsk datchan dansk",
    "EE": "estoni eston", "EG": "egipt egypt", "ES": "spain spanish hiszpan ispan", "FI": "finland finnish finliand finliandi finsk",
    "FR": "franc frants french fransk prancuz", "GB": "britain british britan velikobrit brytan briti",
    "GE": "gruzi hruzi gruzin sakartvel", "GR": "greec greek gretsi hretsi grek", "HR": "croat khorvat kharvat", "HU": "hungar vengr uhorsh ugorsh venher vengers",
    "IL": "israel izrail izrael", "IN": "india indiu indisk", "IQ": "iraq irak", "IR": "iran", "IS": "icelan island", "IT": "itali",
    "JP": "japan iapon", "KG": "kirgiz kyrgyz kirgis", "KP": "kndr", "KR": "korea koreia kare", "KZ": "kazak kazakh", "LT": "lithuan litov litva lietuv litvu litve litvi litou",
    "LV": "latvi latvi latish lotish", "MD": "moldov moldav maldov maldav", "ME": "montenegr chernogor", "MK": "makedon macedon",
    "NL": "netherl niderl niderland dutch gollan holand", "NO": "norveg narveg norvai", "PK": "pakistan", "PL": "poland polish polsh polsk polon poliach pals palsk polak polsc lenkij",
    "PT": "portug partug", "RO": "romani rumin rumun", "RS": "serbi serb", "RU": "russia rossi rosii rosie rasie rasii rusij rasiis rosiis",
    "SA": "saud", "SE": "sveden svedish shvetsi shvets shvedsk", "SI": "sloveni slaveni", "SK": "slovak slavak", "SY": "siria siri",
    "TJ": "tadzhik tajik tadjik", "TM": "turkmen", "TR": "turkei turci turkish turts turets turech turki", "TV": "taivan",
    "UA": "ukrain ukrai", "US": "americ amerik", "UZ": "uzbek", "VE": "venezuel venesuel",
}  # fmt: skip
_WHOLE = {
    "us": "US", "usa": "US", "ssha": "US", "zsha": "US", "usv": "US", "jav": "US", "uk": "GB", "knr": "CN", "frg": "DE", "rf": "RU", "uae": "AE", "oae": "AE",
    "eu": "EU", "es": "EU", "prc": "CN", "prl": "KP", "kr": "KR",
}  # fmt: skip
_EXACT = {"indi": "IN"}
_BY_STEM = {romanise(stem): country for country, stems in _STEMS.items() for stem in stems.split()}
_LENGTHS = sorted({len(stem) for stem in _BY_STEM}, reverse=True)
_SHORTEST_WORD = 4


@lru_cache(maxsize=1 << 16)
def country_of(word: str) -> str:
    """The ISO 3166-1 code of the country that a folded word names or derives from, or ""; the longest beginning decides."""
    plain = romanise(word)
    if len(plain) < _SHORTEST_WORD or plain in _EXACT:
        return _EXACT.get(plain, "")
    return next((_BY_STEM[plain[:length]] for length in _LENGTHS if plain[:length] in _BY_STEM), "")


def country_of_acronym(name: str) -> str:
    """The same for a folded name in capitals ("US", "США"), which as a common word may mean something else; or ""."""
    return _WHOLE.get(romanise(name), "")
