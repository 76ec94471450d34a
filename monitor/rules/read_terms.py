"""Reads blocks of terms by language, and looks up @names in them; it does not know where in a rule they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.model.problem import Place, Problem
from monitor.rules.reading import Path_, Reader, kind, nearest
from monitor.rules.regex import RegexWrong, bounded_regex
from monitor.rules.schema import ANY_LANGUAGE, Phrase, Term
from monitor.rules.terms import Resolve, Sequence, TermWrong, parse_term

REGEX = "re:"


@dataclass(slots=True)
class References:
    """What @ids may name: for each id its spellings by language. Not `complete` where a file of them could not be read at all."""

    spellings: dict[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    complete: bool = True

    def resolver(self, language: str) -> Resolve:
        """A lookup for terms of one language: spellings of that language and those of any."""

        def resolve(name: str) -> tuple[Sequence, ...]:
            if name not in self.spellings and not self.complete:
                return ()
            if name not in self.spellings:
                raise TermWrong(
                    f'no name or lexicon "@{name}"',
                    0,
                    nearest(name, self.spellings) or "define it under names/ or lexicons/",
                    "E012",
                )
            by_language = self.spellings[name]
            written = (*by_language.get(language, ()), *by_language.get(ANY_LANGUAGE, ()))
            return tuple(sequence for text in written for sequence in _quietly(text, language))

        return resolve


def no_references(name: str) -> tuple[Sequence, ...]:
    """The lookup inside names and lexicons themselves, which may not refer further."""
    raise TermWrong(f'"@{name}" inside a name or lexicon', 0, "write the spellings out here")


def _quietly(text: str, language: str) -> tuple[Sequence, ...]:
    """A spelling whose own file tells what is wrong with it."""
    try:
        return parse_term(text, language, no_references)
    except TermWrong:
        return ()


def read_term(reader: Reader, name: str, value: Any, path: Path_, langs: Iterable[str], references: References | None) -> Term:
    """Read `{en: [...], ru: [...]}` (or a list alone, for any language) into phrases; those of `any` are read for each of `langs`.

    Without `references` the term may hold neither @names nor expressions: names and lexicons themselves.
    """
    block = {ANY_LANGUAGE: value} if isinstance(value, list) else reader.mapping(value, path)
    written: dict[str, list[tuple[str, Path_]]] = {}
    for key, texts in block.items():
        here = path if isinstance(value, list) else (*path, key)
        language = reader.language(key, here, key=True, extra=(ANY_LANGUAGE,))
        if language:
            written[language] = list(_texts(reader, texts, here))
    everywhere = written.pop(ANY_LANGUAGE, [])
    spread = dict.fromkeys([*written, *langs]) if everywhere else written
    phrases = {
        language: tuple(
            phrase
            for text, here in [*written.get(language, []), *everywhere]
            if (phrase := _phrase(reader, text, language, here, references))
        )
        for language in spread
    }
    return Term(name, {language: found for language, found in phrases.items() if found}, reader.place(path))


def _texts(reader: Reader, value: Any, path: Path_) -> Iterable[tuple[str, Path_]]:
    if isinstance(value, str):
        yield value, path
        return
    for index, text in enumerate(reader.sequence(value, path)):
        if isinstance(text, str):
            yield text, (*path, index)
        else:
            reader.add((*path, index), "E004", f"a term must be a text, is {kind(text)}", f'put it in quotes: "{text}"')


def _phrase(reader: Reader, text: str, language: str, path: Path_, references: References | None) -> Phrase | None:
    place = reader.place(path)
    if text.startswith(REGEX) and references is None:
        _note(reader, Problem(place, "E008", f'"{text}": re: inside a name or lexicon', "write the spellings out here"))
        return None
    try:
        if text.startswith(REGEX):
            return Phrase(text, language, place, regex=bounded_regex(text.removeprefix(REGEX).strip(), language))
        sequences = parse_term(text, language, references.resolver(language) if references else no_references)
        return Phrase(text, language, place, sequences)
    except TermWrong as error:
        _note(reader, Problem(_inside(place, error.at), error.code, f'"{text}": {error.message}', error.mend))
    except RegexWrong as error:
        _note(reader, Problem(place, "E013", f'"{text}": {error}', error.mend))
    return None


def _note(reader: Reader, problem: Problem) -> None:
    """A term of any language is read several times; its mistake is told once."""
    if problem not in reader.problems:
        reader.problems.append(problem)


def _inside(place: Place, at: int) -> Place:
    """The place of a character of a quoted text."""
    return Place(place.file, place.line, place.column + 1 + at) if place.line else place
