"""Sets machine translations beside what an edition quotes in other languages; decides which texts want one, and which answer is one. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from monitor.digests.render.clean import printable
from monitor.digests.verify_tokens import figures_of, numbers_of
from monitor.model.aid import Translation
from monitor.model.edition import Edition, EditionSection, Item, Sentence
from monitor.text.fold import mixes_scripts
from monitor.text.language import detect_language

Text = tuple[str, str]
"""A language and a text in it."""

_LONGER, _SHORTER = 3.0, 0.25
_LEEWAY = 40
"""Characters by which even a short text may grow."""
_ENOUGH_LETTERS = 40
_MARKUP = re.compile(r"</?\w|&#?\w+;|https?:|www\.|\{\{|\]\(|```|[\w.]@\w")
_CYRILLIC = frozenset(("be", "ru", "uk"))
_WORD = re.compile(r"[^\W\d_]+")


def wanted_texts(edition: Edition) -> tuple[Text, ...]:
    """What the edition prints in other languages: sentences, headlines, titles; each once, in order of print."""
    return tuple(dict.fromkeys(text for text in _foreign(edition) if text[1].strip()))


def _foreign(edition: Edition) -> Iterator[Text]:
    home = ("", edition.language)
    for section in edition.sections:
        for item in section.items:
            if item.headline_language not in home:
                yield item.headline_language, item.headline
            yield from ((one.language, one.text) for one in _sentences(item) if _is_foreign(one, edition.language))
            yield from ((one.language, one.title) for one in item.similar if one.language not in home)
        yield from ((one.language, one.title) for one in section.notes if one.language not in home)
    yield from (
        (one.sentence.language, one.sentence.text) for one in edition.watch if _is_foreign(one.sentence, edition.language)
    )


def _sentences(item: Item) -> Iterable[Sentence]:
    return (*item.sentences, *(told.sentence for told in item.one_sided))


def _is_foreign(sentence: Sentence, language: str) -> bool:
    return not sentence.own and sentence.language not in ("", language)


def with_translations(edition: Edition, found: Mapping[Text, Translation]) -> Edition:
    """The edition with every translation that was found beside its original."""
    if not found:
        return edition
    watch = tuple(replace(one, sentence=_beside(one.sentence, found)) for one in edition.watch)
    return replace(edition, sections=tuple(_section(section, found) for section in edition.sections), watch=watch)


def _section(section: EditionSection, found: Mapping[Text, Translation]) -> EditionSection:
    notes = tuple(replace(one, translation=found.get((one.language, one.title))) for one in section.notes)
    return replace(section, items=tuple(_item(item, found) for item in section.items), notes=notes)


def _item(item: Item, found: Mapping[Text, Translation]) -> Item:
    return replace(
        item,
        headline_translation=found.get((item.headline_language, item.headline)),
        paragraphs=tuple(tuple(_beside(one, found) for one in paragraph) for paragraph in item.paragraphs),
        one_sided=tuple(replace(told, sentence=_beside(told.sentence, found)) for told in item.one_sided),
        similar=tuple(replace(one, translation=found.get((one.language, one.title))) for one in item.similar),
    )


def _beside(sentence: Sentence, found: Mapping[Text, Translation]) -> Sentence:
    return sentence if sentence.own else replace(sentence, translation=found.get((sentence.language, sentence.text)))


def clean(answer: str) -> str:
    """An answer as one line of text that shows what it holds: what has no form of its own, and controls, gone."""
    shown = "".join(
        sign for sign in unicodedata.normalize("NFC", answer) if unicodedata.category(sign) not in ("Cf", "Co", "Cn", "Cs")
    )
    return printable(shown)


def why_refused(original: str, translated: str, target: str) -> str:
    """Why a cleaned answer is not printed as the translation of `original`; "" where it is.

    It catches what is no translation at all: nothing, too much, markup, addresses, another language, the original again, numbers that
    the original does not have. Whether the words are right it cannot know: that is why the original stands beside it.
    """
    if not translated:
        return "is empty"
    most = _LONGER * len(original) + _LEEWAY
    if not _SHORTER * len(original) <= len(translated) <= most:
        return f"has {len(translated)} characters for {len(original)}"
    if _MARKUP.search(translated) and not _MARKUP.search(original):
        return "holds markup or an address"
    if any(mixes_scripts(word) for word in _WORD.findall(translated)) or re.search(r"\W*[\u0300-\u036f]{3}", translated):
        return "mixes scripts in a word"
    return _wrong_language(original, translated, target) or _wrong_numbers(original, translated)


def _wrong_language(original: str, translated: str, target: str) -> str:
    letters = [sign for sign in translated if sign.isalpha()]
    cyrillic = sum("Ѐ" <= sign <= "ԯ" for sign in letters)
    if not letters or (2 * cyrillic > len(letters)) != (target in _CYRILLIC):
        return f"is not written as {target!r} is"
    if len(letters) < _ENOUGH_LETTERS:
        return ""
    if " ".join(original.split()).casefold() == translated.casefold():
        return "is the original"
    language, sure = detect_language(translated)
    return f"is in {language!r}, not in {target!r}" if sure and language != target else ""


def _wrong_numbers(original: str, translated: str) -> str:
    """A number in figures on one side that the other has neither in figures nor in words."""
    here, there = figures_of(original), figures_of(translated)
    stray = sorted((there - here - numbers_of(original)) | (here - there - numbers_of(translated)))
    return f"does not agree with the original on {stray[0]}" if stray else ""
