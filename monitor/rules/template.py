"""Writes the text of a new rule, complete enough to load and pass its own tests, with words that ask to be replaced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from monitor.rules.format import quoted

_HEAD = """\
# yaml-language-server: $schema={schema}
schema: 1
id: {id}
version: 1
title: {title}
status: draft            # draft: checked, not run → shadow: run, not printed → active
owner: {owner}
created: {today}
modified: {today}
references: []           # what the rule is founded on
description: >
  Say in a sentence or two what this rule watches and what it leaves out.
known_noise: []          # what it finds now and then and should not
scope: {{langs: [{langs}]}}

# Replace the words below. "word*" takes any ending, "(a|b)" either, "<2>" up to two words in between, "=NATO" this case only,
# "@name" all spellings of a name. Forms that an archive holds: monitor rules suggest forms.
terms:
  subject:               # what it is about
{subject}
  action:                # what happens
{action}

match:
  require:
    - {{near: [subject, action], within: 12}}

direction:
  window: 12
  anchor: subject
  improves: []           # - {{term: …, score: 4, plover: CONSULT/visit}}
  worsens: []            # - {{term: …, score: -6.5, plover: MOBILIZE/troops}}

# Write the articles it must find, and those that look like them and are not, in your own words.
tests:
  should_match:
{found}
  should_not_match:
{missed}
"""


def draft_rule(name: str, title: str, owner: str, langs: Sequence[str], today: date, schema: str = "schema/rule.json") -> str:
    """The file of a draft that loads without a finding; its terms and tests hold words to replace, in each language.

    Args:
        schema: Where the JSON Schema lies, seen from the file.
    """
    return _HEAD.format(
        id=name,
        title=quoted(title),
        owner=quoted(owner),
        today=today.isoformat(),
        schema=schema,
        langs=", ".join(langs),
        subject="\n".join(f'    {lang}: ["replace this subject {lang}"]' for lang in langs),
        action="\n".join(f'    {lang}: ["replace this action {lang}"]' for lang in langs),
        found="\n".join(
            f'    - {{lang: {lang}, title: "Found: replace this subject {lang}, replace this action {lang}"}}' for lang in langs
        ),
        missed="\n".join(
            f'    - {{lang: {lang}, title: "Not found: replace this subject {lang} alone", because: "require:near"}}'
            for lang in langs
        ),
    )
