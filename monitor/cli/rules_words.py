"""`monitor rules words`: prefixes of terms against the spelling dictionaries of the operating system; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from monitor.cli.report import junit_xml, problem_cases, problems_md, reports
from monitor.cli.rules_given import Folder, known_rules, rules_folder
from monitor.cli.screen import counted, json_line, out, problem_json, say, show_problems
from monitor.model.problem import Problem
from monitor.rules.dictionary import FOLDERS, Dictionary, dictionary_of, how_to_install
from monitor.rules.lint_words import lint_words
from monitor.rules.load import check_rules, load_rules
from monitor.rules.schema import RuleSet, Term

CODES = ("W102", "W122")


@click.command("words")
@click.argument("ids", nargs=-1, metavar="[RULE]…")
@click.option(
    "--dictionaries",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of hunspell dictionaries; default those of the system; may be repeated",
)
@Folder
@reports
def words_verb(ids: tuple[str, ...], dictionaries: tuple[Path, ...], folder: Path | None, form: str) -> int:
    """Prefixes that reach many words of a language, or miss a form of the word they were cut from; all rules and lexicons, or those named.

    It needs a hunspell dictionary of a language, and says nothing of a language without. Look at each finding: dictionaries know
    forms that nobody writes.
    """
    here = rules_folder(folder)
    ruleset = load_rules(here)
    known_rules(ids, {*ruleset.by_id, *(lexicon.id for lexicon in ruleset.lexicons)})
    terms = list(_terms(ruleset, ids))
    where = dictionaries or FOLDERS

    def look(language: str) -> Dictionary | None:
        return dictionary_of(language, where)

    noted = check_rules(here, more=lint_words(terms, look)).problems
    found = [problem for problem in noted if problem.code in CODES]
    missing = [language for language in sorted({one for term in terms for one in term.phrases} - {"any"}) if not look(language)]
    _report(found, missing, form)
    return 1 if found else 0


def _terms(ruleset: RuleSet, ids: tuple[str, ...]) -> Iterator[Term]:
    """Every term once where it is written: the lists that rules share are looked at by themselves."""
    for rule in ruleset.rules:
        if not ids or rule.id in ids:
            yield from rule.terms.values()
    for lexicon in ruleset.lexicons:
        if not ids or lexicon.id in ids:
            yield lexicon.term


def _report(found: list[Problem], missing: list[str], form: str) -> None:
    if form == "json":
        for problem in found:
            json_line(problem_json(problem))
    elif form == "md":
        click.echo(problems_md(found))
    elif form == "junit":
        click.echo(junit_xml("monitor rules words", problem_cases(found, passed="every prefix takes its forms")))
    else:
        show_problems(found, out())
        for language in missing:
            say(f"[dim]no dictionary of {language}: {how_to_install(language) or 'none is packaged'}[/dim]")
        say(counted(len(found), "finding"))
