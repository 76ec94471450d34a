"""Reads names files and lexicons: what @ids in terms stand for, the edition's gazetteer, and the negators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.model.names import Name, NameKind
from monitor.model.problem import Place
from monitor.rules.read_rule import ID, read_id, read_schema, stem
from monitor.rules.read_terms import no_references, read_term
from monitor.rules.reading import Path_, Reader, kind
from monitor.rules.schema import ANY_LANGUAGE, Lexicon, NamedTerm, Phrase, Term
from monitor.rules.terms import parse_term
from monitor.text.fold import FOLDED_LANGUAGES, WORD
from monitor.text.located_yaml import LocatedFile

NEGATORS = "negators"
NAMES_KEYS = ("schema", "names")
ENTRY_KEYS = ("id", "kind", "of", "printed", "variants", "note")
LEXICON_KEYS = ("schema", "id", "description", "terms", "exceptions")
# Stands in where rules/lexicons/negators.yml is missing; function words only.
_BUILT_IN_NEGATORS = {
    "en": (
        "not",
        "no",
        "never",
        "neither",
        "nor",
        "without",
        "cannot",
        "(don|doesn|didn|won|isn|aren|wasn|weren|hasn|haven|can) t",
    ),
    "ru": ("не", "ни", "нет", "без", "никогда"),
    "be": ("не", "ня", "ні", "няма", "без", "бяз", "ніколі"),
    "uk": ("не", "ні", "немає", "без", "ніколи"),
    "pl": ("nie", "bez", "nigdy"),
    "lt": ("ne", "nėra", "be", "niekada"),
    "lv": ("ne", "nav", "bez", "nekad"),
    "de": ("nicht", "kein*", "ohne", "nie"),
}
_BUILT_IN_EXCEPTIONS = {
    "en": ("not only", "not just", "no doubt"),
    "ru": ("не только", "не просто"),
    "be": ("не толькі", "ня толькі", "не проста"),
    "uk": ("не тільки", "не лише"),
    "pl": ("nie tylko",),
    "lt": ("ne tik",),
    "lv": ("ne tikai",),
    "de": ("nicht nur",),
}


@dataclass(slots=True)
class NamesFile:
    """What one names or lexicon file gave: entries, the place of each id, and the spellings that @ids stand for."""

    named: list[NamedTerm] = field(default_factory=list)
    lexicons: list[Lexicon] = field(default_factory=list)
    spellings: dict[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    places: list[tuple[str, Place]] = field(default_factory=list)
    owners: list[tuple[str, Place]] = field(default_factory=list)
    """What `of` names, and where it does."""


def read_names(file: LocatedFile) -> tuple[NamesFile, Reader]:
    """Read `names/*.yml`."""
    reader = Reader(file)
    found = NamesFile()
    data = _top(reader, NAMES_KEYS)
    if not data.get("names"):
        reader.required(data, (), ("names",))
    for index, entry in enumerate(reader.sequence(data.get("names"), ("names",))):
        _name(reader, entry, ("names", index), found)
    return found, reader


def read_lexicon(file: LocatedFile) -> tuple[NamesFile, Reader]:
    """Read one `lexicons/<id>.yml`."""
    reader = Reader(file)
    found = NamesFile()
    data = _top(reader, LEXICON_KEYS)
    reader.required(data, (), ("id", "terms"))
    name = read_id(reader, data, stem(file.file))
    if name:
        found.spellings[name] = _spellings(reader, data.get("terms"), ("terms",))
        found.places.append((name, reader.place(("id",))))
        langs = (*FOLDED_LANGUAGES, ANY_LANGUAGE)
        term = read_term(reader, name, data.get("terms"), ("terms",), langs, None)
        exceptions = read_term(reader, name, data.get("exceptions") or {}, ("exceptions",), langs, None)
        found.lexicons.append(Lexicon(name, term, exceptions))
    return found, reader


def _top(reader: Reader, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(reader.file.data, dict):
        reader.add((), "E004", f"the file must be a mapping, is {kind(reader.file.data)}", "begin with schema: 1")
        return {}
    data: dict[str, Any] = reader.file.data
    return reader.mapping(data, (), keys) if read_schema(reader, data) else {}


def _name(reader: Reader, entry: Any, path: Path_, found: NamesFile) -> None:
    data = reader.mapping(entry, path, ENTRY_KEYS)
    reader.required(data, path, ("id", "kind", "printed"))
    name = reader.text(data, path, "id")
    if name and not ID.fullmatch(name):
        reader.add((*path, "id"), "E004", f'id "{name}" must be a–z, 0–9 and -', "write it as jane-doe")
    printed = {
        code: reader.text(data["printed"], (*path, "printed"), key)
        for key in reader.mapping(data.get("printed"), (*path, "printed"))
        if (code := reader.language(key, (*path, "printed", key), key=True))
    }
    variants = _spellings(reader, data.get("variants"), (*path, "variants"))
    kinds = [entry.value for entry in NameKind]
    kind_ = reader.choice(data, path, "kind", kinds, NameKind.OFFICE.value)
    of = reader.text(data, path, "of")
    if of:
        found.owners.append((of, reader.place((*path, "of"))))
    if not name:
        return
    spelled = _with_printed(variants, printed)
    found.spellings[name] = spelled
    found.places.append((name, reader.place((*path, "id"))))
    langs = (*FOLDED_LANGUAGES, *spelled, ANY_LANGUAGE)
    lists = {language: list(texts) for language, texts in spelled.items()}
    term = read_term(reader, name, lists, (*path, "variants"), langs, None)
    found.named.append(NamedTerm(Name(name, NameKind(kind_), printed, variants, of), term))


def _with_printed(variants: Mapping[str, tuple[str, ...]], printed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The printed form is a spelling too; signs in it are not meant as term language, and capitals (US) are meant as such."""
    found = dict(variants)
    for language, form in printed.items():
        plain = " ".join(f"={word}" if word.isupper() and len(word) > 1 else word for word in WORD.findall(form))
        if plain and plain not in found.get(language, ()):
            found[language] = (*found.get(language, ()), plain)
    return found


def _spellings(reader: Reader, value: Any, path: Path_) -> dict[str, tuple[str, ...]]:
    """Language → texts, unread; `read_term` tells what is wrong with them."""
    if isinstance(value, list):
        return {ANY_LANGUAGE: tuple(text for text in value if isinstance(text, str))}
    block = reader.mapping(value, path)
    return {
        str(key): tuple(text for text in ([texts] if isinstance(texts, str) else texts or ()) if isinstance(text, str))
        for key, texts in block.items()
    }


def built_in_negators() -> Lexicon:
    """The negators used where a rule set brings none."""
    place = Place("built in")

    def term(words: Mapping[str, tuple[str, ...]]) -> Term:
        return Term(
            NEGATORS,
            {
                language: tuple(Phrase(text, language, place, parse_term(text, language, no_references)) for text in texts)
                for language, texts in words.items()
            },
            place,
        )

    return Lexicon(NEGATORS, term(_BUILT_IN_NEGATORS), term(_BUILT_IN_EXCEPTIONS))
