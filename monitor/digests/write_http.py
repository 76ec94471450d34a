"""Asks a language model at an endpoint that speaks OpenAI's chat API: `POST /chat/completions`, one task, one answer, temperature 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from monitor.digests.endpoint_http import Endpoint, post_json
from monitor.model.aid import WritingTask
from monitor.model.errors import AidRefused
from monitor.model.ports import Writer

_MOST_TOKENS = 1500


@dataclass(frozen=True, slots=True)
class ChatWriter(Writer):
    """`Writer` over HTTP; a model on one's own machine does as well (Ollama, llama.cpp and vLLM speak this API)."""

    endpoint: Endpoint
    model: str

    @property
    def engine(self) -> str:
        """The model's name."""
        return self.model

    def write(self, task: WritingTask) -> str:
        """The raw text of the first choice.

        Raises:
            AidAway: As `post_json`.
            AidRefused: As `post_json`, or the answer has no text.
        """
        messages = [{"role": "system", "content": task.instructions}, {"role": "user", "content": task.material}]
        asked = {"model": self.model, "messages": messages, "temperature": 0, "max_tokens": _MOST_TOKENS, "stream": False}
        text = _content(post_json(self.endpoint, "/chat/completions", asked))
        if not isinstance(text, str) or not text.strip():
            raise AidRefused("the answer has no text at choices[0].message.content")
        return text


def _content(answer: Any) -> Any:
    try:
        return answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        return None


def chat_endpoint(url: str, key: str, *, timeout_s: float, max_bytes: int) -> Endpoint:
    """The endpoint with its key as a bearer token, where there is one."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Endpoint(url.rstrip("/").removesuffix("/chat/completions"), timeout_s, max_bytes, headers)
