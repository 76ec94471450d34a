"""The step of `publish` that asks a translator and a writer, where they are set: kept answers first; an edition goes out without them too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from monitor.digests.inputs import EditionInputs
from monitor.digests.translation import Text, clean, wanted_texts, why_refused, with_translations
from monitor.digests.verify import spellings_of
from monitor.digests.writing import Desk, Offer, has_task, offer_of, phrased, task_of
from monitor.model.aid import Aid, AidKind, Translation
from monitor.model.edition import Citation, Edition, Item
from monitor.model.errors import AidFailed
from monitor.model.match import Field
from monitor.model.ports import Translator, Writer
from monitor.parts import Parts

_MOST_KEPT = 50_000
"""Characters of one answer that are kept: more is cut, and what is cut is refused."""


def lend(parts: Parts, inputs: EditionInputs, editions: Mapping[str, Edition]) -> dict[str, Edition]:
    """The editions with what a language model phrased and a machine translated; they themselves where neither is set.

    What was answered before is not asked again: composed twice, an edition has the same bytes. A helper that fails is not asked again
    in this edition, which says so in its coverage box.
    """
    lent = dict(editions)
    if parts.writer:
        writing = _Asker(parts)
        lent = {language: _written(writing, parts.writer, inputs, edition) for language, edition in lent.items()}
    if parts.translator:
        asking = _Asker(parts)
        lent = {language: _translated(asking, parts.translator, edition) for language, edition in lent.items()}
    return lent


@dataclass(slots=True)
class _Asker:
    """Looks into what is kept, asks for the rest until a helper fails, and keeps what it answers."""

    parts: Parts
    failure: str = ""

    def ask(self, keys: list[str], fetch: Callable[[list[int]], Iterable[str]]) -> list[str | None]:
        """The answer to each key; None where there is none. `fetch` is given the places of those that are not kept."""
        kept = self.parts.store.answers(keys)
        missing = [place for place, key in enumerate(keys) if key not in kept]
        if missing and not self.failure:
            try:
                made = {keys[place]: answer[:_MOST_KEPT] for place, answer in zip(missing, fetch(missing), strict=True)}
            except AidFailed as error:
                self.failure = str(error)
            else:
                self.parts.store.keep_answers(made, self.parts.clock())
                kept = {**made, **kept}
        return [kept.get(key) for key in keys]

    def told(self, kind: AidKind, engine: str, count: _Count) -> Aid:
        """What came of it, for the coverage box and the log."""
        return Aid(kind, engine, count.done, count.refused, "" if count.whole else self.failure)


def _key(*asked: str) -> str:
    return hashlib.sha256("\x1f".join(asked).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class _Count:
    done: int = 0
    refused: int = 0
    whole: bool = True
    found: dict[Text, Translation] = field(default_factory=dict)


def _translated(asker: _Asker, translator: Translator, edition: Edition) -> Edition:
    count = _Count()
    texts = wanted_texts(edition)
    for source in dict.fromkeys(language for language, _ in texts):
        originals = [text for language, text in texts if language == source]
        shown = [clean(text) for text in originals]
        keys = [_key(AidKind.TRANSLATION, translator.engine, source, edition.language, text) for text in shown]

        def fetch(places: list[int], source: str = source, shown: list[str] = shown) -> tuple[str, ...]:
            return translator.translate([shown[place] for place in places], source, edition.language)

        for original, text, answer in zip(originals, shown, asker.ask(keys, fetch), strict=True):
            if answer is None:
                count.whole = False
            elif why_refused(text, clean(answer), edition.language):
                count.refused += 1
            else:
                count.found[source, original] = Translation(clean(answer), translator.engine)
    count.done = len(count.found)
    aid = asker.told(AidKind.TRANSLATION, translator.engine, count)
    return replace(with_translations(edition, count.found), aids=(*edition.aids, *([aid] if texts else [])))


def _written(asker: _Asker, writer: Writer, inputs: EditionInputs, edition: Edition) -> Edition:
    count = _Count()
    names = _names_in(inputs)
    desk = Desk(edition.language, edition.window, spellings_of(inputs.names), writer.engine)
    sections = tuple(
        replace(
            section,
            items=tuple(_phrased(asker, writer, item, offer_of(item, names(item)), desk, count) for item in section.items),
        )
        for section in edition.sections
    )
    aid = asker.told(AidKind.WRITING, writer.engine, count)
    asked = count.done or count.refused or not count.whole
    return replace(edition, sections=sections, aids=(*edition.aids, *([aid] if asked else [])))


def _phrased(asker: _Asker, writer: Writer, item: Item, offer: Offer, desk: Desk, count: _Count) -> Item:
    if not has_task(item, offer, desk.language):
        return item
    task = task_of(offer, desk.language)
    key = _key(AidKind.WRITING, writer.engine, task.instructions, task.material)
    (answer,) = asker.ask([key], lambda _: [writer.write(task)])
    if answer is None:
        count.whole = False
        return item
    made = phrased(item, answer, offer, desk)
    count.done += sum(bool(one.phrasing) + bool(one.transition) for one in made.sentences)
    count.refused += len(made.rejected)
    return made


def _names_in(inputs: EditionInputs) -> Callable[[Item], dict[Citation, frozenset[str]]]:
    """For an item: the names that the rules' gazetteer found in each sentence that it cites first."""
    mentions = {item.article.id: item.analysis.mentions for story in inputs.stories for item in story.articles}

    def of(item: Item) -> dict[Citation, frozenset[str]]:
        cited = [one.citations[0] for one in item.sentences if one.citations]
        return {
            one: frozenset(
                found.name
                for found in mentions.get(one.article, ())
                if found.field is not Field.TITLE and one.start <= found.start and found.end <= one.end
            )
            for one in cited
        }

    return of
