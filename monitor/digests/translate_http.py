"""Translates by an endpoint that speaks LibreTranslate's API: `POST /translate` with `q`, `source`, `target`, `format`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.digests.endpoint_http import Endpoint, post_json
from monitor.model.errors import AidRefused
from monitor.model.ports import Translator

_MOST_TEXTS = 20
_MOST_CHARACTERS = 4000
"""In one request: the limits that servers of this kind set are not below."""


@dataclass(frozen=True, slots=True)
class LibreTranslate(Translator):
    """`Translator` over HTTP. `name` is printed as the engine; `api_key` is sent where it is not empty."""

    endpoint: Endpoint
    name: str
    api_key: str = ""

    @property
    def engine(self) -> str:
        """Its name as given."""
        return self.name

    def translate(self, texts: Sequence[str], source: str, target: str) -> tuple[str, ...]:
        """One raw answer for each text.

        Raises:
            AidAway: As `post_json`.
            AidRefused: As `post_json`, or the answer has not one text for each that was asked.
        """
        return tuple(one for portion in _portions(texts) for one in self._ask(portion, source, target))

    def _ask(self, texts: list[str], source: str, target: str) -> list[str]:
        asked: dict[str, object] = {"q": texts, "source": source, "target": target, "format": "text"}
        if self.api_key:
            asked["api_key"] = self.api_key
        answer = post_json(self.endpoint, "" if self.endpoint.url.rstrip("/").endswith("/translate") else "/translate", asked)
        found = answer.get("translatedText") if isinstance(answer, dict) else None
        if isinstance(found, str) and len(texts) == 1:
            found = [found]
        if not isinstance(found, list) or len(found) != len(texts) or not all(isinstance(one, str) for one in found):
            raise AidRefused(f"the answer has no list “translatedText” of {len(texts)} texts")
        return found


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    for text in texts:
        if portion and (len(portion) == _MOST_TEXTS or sum(map(len, portion)) + len(text) > _MOST_CHARACTERS):
            yield portion
            portion = []
        portion.append(text)
    if portion:
        yield portion
