"""Looks the prefixes of terms up in dictionaries: those that reach many words, and those that miss a form; it reads no file itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from monitor.model.problem import Place, Problem, Severity
from monitor.rules.dictionary import Dictionary
from monitor.rules.schema import Phrase, Term
from monitor.rules.terms import WordPattern
from monitor.text.fold import fold_class, fold_word

MANY = 40
SHOWN = 7
LONGEST_ENDING = 2
"""Lemmas that a prefix reaches at most; how many of them are shown; letters that were cut from a lemma to make a prefix, at most."""
Look = Callable[[str], Dictionary | None]


def lint_words(terms: Iterable[Term], look: Look) -> Iterator[Problem]:
    """W102 and W122 of the terms, where `look` has a dictionary of the language; each prefix is told once."""
    told: set[tuple[Place, str, str]] = set()
    for term in terms:
        for language, phrases in term.phrases.items():
            dictionary = look(language)
            own = [phrase for phrase in phrases if "@" not in phrase.text and phrase.sequences]
            for phrase in own if dictionary else ():
                for word in _prefixes(phrase):
                    key = (phrase.place, phrase.text, word.folded)
                    if key not in told and dictionary:
                        told.add(key)
                        yield from _wide(phrase, word, dictionary)
                        yield from _missed(phrase, word, own, dictionary)


def _prefixes(phrase: Phrase) -> list[WordPattern]:
    """The words with a star, in order and once."""
    steps = (step for sequence in phrase.sequences for step in sequence)
    words = dict.fromkeys(word for step in steps for word in step.words if word.prefix and not word.exact)
    return list(words)


def _wide(phrase: Phrase, word: WordPattern, dictionary: Dictionary) -> Iterator[Problem]:
    alone = any(len(sequence) == 1 and word in sequence[0].words for sequence in phrase.sequences)
    reached = dictionary.reached(word.folded) if alone else []
    if len(reached) > MANY:
        message = f'"{word.folded}*" reaches {len(reached)} words of the {dictionary.language} dictionary: {", ".join(reached[:SHOWN])} …'
        mend = f"write the forms out: monitor rules suggest forms {dictionary.language} {min(reached, key=len)}"
        yield Problem(phrase.place, "W102", message, mend, Severity.WARNING)


def _missed(phrase: Phrase, word: WordPattern, beside: Iterable[Phrase], dictionary: Dictionary) -> Iterator[Problem]:
    """Forms of the word which the prefix was cut from that neither it nor another word of the term takes."""
    kind = fold_class(dictionary.language)
    words = [other for one in beside for sequence in one.sequences for step in sequence for other in step.words]
    for lemma, forms in dictionary.stems(word.folded, LONGEST_ENDING).items():
        missed = [form for form in forms if not any(_takes(other, fold_word(form, kind)[0]) for other in words)]
        # A prefix that takes the lesser part of the forms was cut to take just that: a past tense, a short adjective.
        if missed and 2 * len(missed) < len(forms):
            message = (
                f'"{word.folded}*" misses forms of {lemma}: {", ".join(missed[:SHOWN])}{" …" if len(missed) > SHOWN else ""}'
            )
            yield Problem(phrase.place, "W122", message, "add what they begin with, or cut the stem shorter", Severity.WARNING)


def _takes(word: WordPattern, folded: str) -> bool:
    return not word.exact and (folded.startswith(word.folded) if word.prefix else folded == word.folded)
