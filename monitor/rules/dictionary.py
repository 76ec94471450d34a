"""Reads the spelling dictionaries of the operating system (hunspell), for those who write terms; matching never needs them.

Suffixes are applied, also those that stand on a suffix; prefixes ("un-", "nie-"), compounds and suggestions are not: what matters here
is how a word that was written ends. Format: hunspell(5).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from monitor.model.errors import WrongFiles
from monitor.model.problem import Place, Problem
from monitor.text.fold import fold_class, fold_word

FOLDERS = (Path("/usr/share/hunspell"), Path("/usr/share/myspell/dicts"))
INSTALL = {
    "be": "hunspell-be",
    "de": "hunspell-de-de",
    "en": "hunspell-en-us",
    "fr": "hunspell-fr",
    "lt": "hunspell-lt",
    "lv": "hunspell-lv",
    "pl": "hunspell-pl",
    "ru": "hunspell-ru",
    "uk": "hunspell-uk",
}
"""Debian's package by language."""
_CLASS = re.compile(r"\[\^?[^\]]*\]|.")
_ENCODINGS = {"microsoft-cp1251": "cp1251"}


@dataclass(frozen=True, slots=True)
class Suffix:
    """What takes the place of an ending: `strip` off, `add` on, where `condition` holds; `flags` lead to further suffixes."""

    strip: str
    add: str
    condition: re.Pattern[str]
    flags: tuple[str, ...] = ()

    def applied(self, word: str) -> str:
        """The word with its new ending, "" where the suffix does not fit."""
        if not word.endswith(self.strip) or not self.condition.search(word):
            return ""
        return word[: len(word) - len(self.strip)] + self.add


@dataclass(frozen=True)
class Dictionary:
    """Lemmas of a language with their flags, and the suffixes by flag."""

    language: str
    entries: tuple[tuple[str, tuple[str, ...]], ...]
    suffixes: dict[str, tuple[Suffix, ...]]

    @cached_property
    def _folded(self) -> list[tuple[str, int]]:
        kind = fold_class(self.language)
        return sorted((fold_word(word, kind)[0], number) for number, (word, _) in enumerate(self.entries))

    def reached(self, prefix: str) -> list[str]:
        """The lemmas that begin with a prefix, in the folding of the language, in order."""
        wanted = self._fold(prefix)
        return [self.entries[number][0] for number in self._numbers(wanted)]

    def paradigms(self, word: str) -> dict[str, tuple[str, ...]]:
        """Lemma → its forms, for each entry that is the word (in the folding of the language)."""
        wanted = self._fold(word)
        found = (number for number in self._numbers(wanted) if self._fold(self.entries[number][0]) == wanted)
        return {self.entries[number][0]: self.forms(number) for number in found}

    def forms(self, number: int) -> tuple[str, ...]:
        """The lemma and its forms, each once."""
        word, flags = self.entries[number]
        found = dict.fromkeys([word])
        for form, further in self._inflected(word, flags):
            found[form] = None
            found.update(dict.fromkeys(again for again, _ in self._inflected(form, further)))
        return tuple(found)

    def stems(self, prefix: str, ending: int) -> dict[str, tuple[str, ...]]:
        """Lemma → forms, for the lemmas that a prefix was cut from: they begin with it and add at most `ending` letters."""
        wanted = self._fold(prefix)
        near = [number for number in self._numbers(wanted) if len(self._fold(self.entries[number][0])) - len(wanted) <= ending]
        return {self.entries[number][0]: self.forms(number) for number in near if self.entries[number][0].islower()}

    def _inflected(self, word: str, flags: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        for flag in flags:
            for suffix in self.suffixes.get(flag, ()):
                if form := suffix.applied(word):
                    yield form, suffix.flags

    def _numbers(self, folded: str) -> Iterator[int]:
        place = bisect_left(self._folded, (folded, -1))
        while place < len(self._folded) and self._folded[place][0].startswith(folded):
            yield self._folded[place][1]
            place += 1

    def _fold(self, word: str) -> str:
        return fold_word(word, fold_class(self.language))[0]


@lru_cache(maxsize=8)
def dictionary_of(language: str, folders: tuple[Path, ...] = FOLDERS) -> Dictionary | None:
    """The dictionary of a language (ISO 639-1) in the first folder that has one; None without.

    Raises:
        WrongFiles: It is there and cannot be read; to try again does not help.
    """
    for folder in folders:
        for rules in sorted(folder.glob(f"{language}[_-]*.aff")) + sorted(folder.glob(f"{language}.aff")):
            if rules.with_suffix(".dic").is_file():
                return read_dictionary(language, rules)
    return None


def how_to_install(language: str) -> str:
    """What to type for a dictionary of the language, "" where no package is known."""
    return f"apt-get install {INSTALL[language]}" if language in INSTALL else ""


def read_dictionary(language: str, rules: Path) -> Dictionary:
    """Read `<name>.aff` and `<name>.dic` beside it.

    Raises:
        WrongFiles: An encoding or flag type that is not known, or bytes that the encoding does not have.
    """
    raw = rules.read_bytes()
    stated = re.search(rb"(?m)^SET\s+(\S+)", raw)
    name = stated[1].decode("ascii", "replace").casefold() if stated else "iso8859-1"
    encoding = _ENCODINGS.get(name, name)
    try:
        lines = raw.decode(encoding).splitlines()
        words = rules.with_suffix(".dic").read_bytes().decode(encoding).splitlines()[1:]
    except (LookupError, UnicodeDecodeError) as error:
        message = f"the dictionary cannot be read as {name}: {error}"
        raise WrongFiles([Problem(Place(str(rules), 1, 1), "E001", message, "install the dictionary again")]) from error
    affixes = _Affixes(lines)
    return Dictionary(language, tuple(affixes.entry(line) for line in words if line.strip()), affixes.suffixes)


class _Affixes:
    """The lines of an affix file that say how flags are written and what suffixes they stand for."""

    def __init__(self, lines: Sequence[str]) -> None:
        rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
        self.kind = next((row[1] for row in rows if row[0] == "FLAG" and len(row) > 1), "")
        aliases = [row[1] for row in rows if row[0] == "AF" and len(row) > 1][1:]
        self.aliases = tuple(self._split(alias) for alias in aliases)
        found: dict[str, list[Suffix]] = {}
        for row in rows:
            # A header has four fields, "SFX A Y 12"; so may a suffix without a condition: its last field is no number.
            if row[0] == "SFX" and len(row) >= 4 and not (len(row) == 4 and row[3].isdigit()):
                found.setdefault(row[1], []).append(self._suffix(row))
        self.suffixes = {flag: tuple(suffixes) for flag, suffixes in found.items()}

    def entry(self, line: str) -> tuple[str, tuple[str, ...]]:
        """A line of the dictionary: the word and its flags; what stands after white space is no part of them."""
        word, _, flags = (line.split() or [""])[0].replace("\\/", "\0").partition("/")
        return word.replace("\0", "/"), self.flags(flags)

    def flags(self, written: str) -> tuple[str, ...]:
        """Flags as written beside a word, by their alias where the file has aliases."""
        if self.aliases and written.isdigit() and 0 < int(written) <= len(self.aliases):
            return self.aliases[int(written) - 1]
        return self._split(written)

    def _split(self, written: str) -> tuple[str, ...]:
        if self.kind == "long":
            return tuple(written[place : place + 2] for place in range(0, len(written), 2))
        if self.kind == "num":
            return tuple(part for part in written.split(",") if part)
        return tuple(written)

    def _suffix(self, row: Sequence[str]) -> Suffix:
        strip = "" if row[2] == "0" else row[2]
        add, _, flags = row[3].partition("/")
        condition = row[4] if len(row) > 4 else "."
        return Suffix(strip, "" if add == "0" else add, _condition(condition), self.flags(flags))


@lru_cache(maxsize=4096)
def _condition(written: str) -> re.Pattern[str]:
    """The ending that a word must have: letters, ".", and classes in brackets; everything else means itself."""
    parts = (part if part == "." or (part[0] == "[" and len(part) > 1) else re.escape(part) for part in _CLASS.findall(written))
    return re.compile("" if written == "." else f"(?:{''.join(parts)})$")
