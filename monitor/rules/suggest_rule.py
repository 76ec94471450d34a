"""Drafts a rule from articles like which more are wanted: words they share, and tests made of them; it writes no file and decides no meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.model.match import Document
from monitor.rules.format import quoted
from monitor.rules.suggest_terms import TermIdea, telling_words
from monitor.text.tokens import tokens

MOST_WORDS = 6
TEST_WORDS = 60
"""Words of an article's text that go into its test: its head, which the draft must do with."""
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a rule file, status draft; `subject` and `detail` are its terms by language, `detail` empty where one term does."""

    text: str
    subject: dict[str, tuple[str, ...]]
    detail: dict[str, tuple[str, ...]]


def suggest_rule(name: str, like: Sequence[Document], others: Iterable[Document], today: date, owner: str = "desk") -> Draft:
    """A draft that finds every article in `like`: one word of `subject` in each, and one of `detail` where such words are left.

    Args:
        name: Its id.
        like: Two articles or more, with languages.
        others: Articles of the same archive, against which words are telling.
        today: Goes into `created` and `modified`.
        owner: Who answers for it.

    Raises:
        ValueError: Fewer than two articles, one without a language, or some that share no telling word.
    """
    if len(like) < _LEAST:
        raise ValueError(f"{_LEAST} articles are needed: one is a case, two are a pattern")
    if nameless := [document.id for document in like if not document.language]:
        raise ValueError(f"no language is known of {', '.join(nameless)}")
    heads = [_head(document) for document in like]
    ideas = telling_words(heads, others)
    subject, left = _covering(heads, ideas)
    if left:
        raise ValueError(
            f"no telling word is shared with the others of its language by {', '.join(left)}: leave it out, or write it by hand"
        )
    taken = {(language, word) for language, words in subject.items() for word in words}
    detail, left = _covering(heads, [idea for idea in ideas if (idea.language, idea.word) not in taken])
    if left:
        detail = {}
    return Draft(_text(name, heads, subject, detail, today, owner), subject, detail)


def _head(document: Document) -> Document:
    body = " ".join(document.text.split()[:TEST_WORDS])
    return Document(document.id, document.title, body, document.language, language_sure=True)


def _covering(documents: Sequence[Document], ideas: Sequence[TermIdea]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Words by language of which every document holds one, the fewest and surest; and the ids of those that hold none."""
    held = {
        document.id: {token.folded for token in tokens(f"{document.title}\n{document.text}", document.language)}
        for document in documents
    }
    chosen: dict[str, list[str]] = {}
    missing: list[str] = []
    for language in dict.fromkeys(document.language for document in documents):
        own = [idea for idea in ideas if idea.language == language]
        left = [document.id for document in documents if document.language == language]
        while left and len(chosen.get(language, ())) < MOST_WORDS:
            best = max(own, key=lambda idea: (sum(idea.word in held[one] for one in left), idea.z), default=None)
            if best is None or not any(best.word in held[one] for one in left):
                break
            chosen.setdefault(language, []).append(best.word)
            left = [one for one in left if best.word not in held[one]]
        missing += left
    return {language: tuple(words) for language, words in chosen.items()}, missing


def _text(
    name: str,
    heads: Sequence[Document],
    subject: dict[str, tuple[str, ...]],
    detail: dict[str, tuple[str, ...]],
    today: date,
    owner: str,
) -> str:
    terms = ["terms:", "  subject:", *_term_lines(subject)] + (["  detail:", *_term_lines(detail)] if detail else [])
    lines = [
        "schema: 1",
        f"id: {name}",
        "version: 1",
        f"title: {quoted(name.replace('-', ' ').capitalize())}",
        "status: draft            # draft: checked, not run → shadow: run, not printed → active",
        f"owner: {quoted(owner)}",
        f"created: {today.isoformat()}",
        f"modified: {today.isoformat()}",
        f"description: Drafted from {len(heads)} articles; say what it watches and what it leaves out.",
        f"scope: {{langs: [{', '.join(subject)}]}}",
        "",
        "# Words that the articles share and others have less. Keep those that mean the matter: monitor rules suggest forms gives their endings.",
        *terms,
        "",
        "match:",
        f"  require: [{'subject, detail' if detail else 'subject'}]",
        "",
        "# Put the tests into your own words, and add what the rule must not find.",
        "tests:",
        "  should_match:",
        *(f"    - {inline_test(head)}" for head in heads),
        "",
    ]
    return "\n".join(lines)


def _term_lines(words: dict[str, tuple[str, ...]]) -> list[str]:
    return [f"    {language}: [{', '.join(map(quoted, forms))}]" for language, forms in words.items()]


def inline_test(document: Document) -> str:
    """An article as an inline test on one line: language, title, and the head of its text."""
    body = " ".join(document.text.split()[:TEST_WORDS])
    parts = [f"lang: {document.language}"] if document.language else []
    parts.append(f"title: {quoted(' '.join(document.title.split()))}")
    if body:
        parts.append(f"body: {quoted(body)}")
    return f"{{{', '.join(parts)}}}"
