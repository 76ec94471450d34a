"""`monitor rules suggest`: proposals for terms, spellings and exceptions from what was read; a file is changed only by `--write`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import click
from rich.markup import escape

from monitor.cli.archive_reader import open_archive
from monitor.cli.lazy import LazyVerbs
from monitor.cli.moments import given_moment
from monitor.cli.rules_given import Folder, known_rules, rules_folder
from monitor.cli.screen import advance, counted, json_line, progress, say, table
from monitor.cli.shared import as_json
from monitor.cli.suggest_write import Into, write_items, write_phrases
from monitor.model.errors import WrongUse
from monitor.model.match import Document
from monitor.rules.dictionary import dictionary_of, how_to_install
from monitor.rules.engine import Engine
from monitor.rules.explain import explain
from monitor.rules.format import quoted
from monitor.rules.load import load_rules
from monitor.rules.marks import Mark
from monitor.rules.reading import LANGUAGES
from monitor.rules.suggest_exception import Exemption, exception_items, exception_lines, suggest_exception
from monitor.rules.suggest_forms import Forms, suggest_forms, suggest_variants, word_counts
from monitor.rules.suggest_rule import inline_test
from monitor.rules.suggest_terms import suggest_terms
from monitor.rules.trial import Filed
from monitor.trials.archive import Archive

SHOWN = 12

File = click.option(
    "--file", type=click.Path(allow_dash=True), help='Articles as JSON Lines instead of the archive; "-" is standard input'
)
Since = click.option("--since", help="Only articles from this date on, or of this span: 8w, 90d")

VERBS = {
    "forms": ("rules_suggest", "forms", "Forms of a word that the archive holds, and the prefix that is safe"),
    "variants": ("rules_suggest", "variants", "Spellings of a name in any alphabet"),
    "terms": ("rules_suggest", "terms", "Words that articles a rule missed have in common"),
    "rule": ("rules_suggest_rule", "rule_verb", "The draft of a rule from articles like which more are wanted"),
    "exception": ("rules_suggest", "exception", "A mask or veto for false hits that costs no true one"),
}


@click.group(cls=LazyVerbs, table=VERBS)
def suggest() -> None:
    """Proposals for rules, terms, spellings and exceptions; printed, and written into a rule file only with --write."""


def _documents(archive: Archive) -> Iterator[Document]:
    with progress("articles", archive.count) as bar:
        for filed in archive:
            yield filed.document
            advance(bar)


@click.command()
@click.argument("lang")
@click.argument("word")
@Into
@File
@Since
@Folder
@as_json
def forms(lang: str, word: str, into: str | None, file: str | None, since: str | None, folder: Path | None, as_json: bool) -> int:
    """Forms of a word in the archive with the number of articles, what each prefix reaches besides, and the term to write."""
    if lang not in LANGUAGES:
        raise WrongUse(f'"{lang}" is no ISO 639-1 code of a language')
    if not word.isalpha():
        raise WrongUse("one word, letters only")
    here = rules_folder(folder)
    counts = word_counts(_documents(open_archive(file, here, given_moment(since))), lang)
    found = suggest_forms(word, lang, counts)
    dictionary = dictionary_of(lang)
    paradigms = dictionary.paradigms(word) if dictionary else {}
    if as_json:
        prefixes = [{**asdict(prefix), "safe": prefix.safe} for prefix in found.prefixes]
        json_line({**asdict(found), "prefixes": prefixes, "dictionary": paradigms})
    else:
        _show_forms(found)
        _show_paradigms(paradigms, lang, known=dictionary is not None)
    if into:
        write_phrases(load_rules(here), here, into, [(lang, found.proposal)])
    return 0 if any(found.forms.values()) else 1


def _show_forms(found: Forms) -> None:
    say(f"forms    {_counted(found.forms)}")
    rows = [
        (
            f"{prefix.text}*",
            str(len(prefix.forms)),
            str(len(prefix.others)),
            _counted(prefix.others) if prefix.others else "[green]nothing else[/green]",
        )
        for prefix in found.prefixes
    ]
    table(("prefix", "forms", "others", "reaches besides"), rows, right=(1, 2))
    say(f"\nproposal  [bold]{escape(quoted(found.proposal))}[/bold]")
    say("[dim]A form that no article here holds is not known: add those you miss.[/dim]")


def _show_paradigms(paradigms: Mapping[str, Iterable[str]], language: str, *, known: bool) -> None:
    """What a dictionary has of the word: to be looked at, for it lacks forms and holds some that nobody writes."""
    for forms_there in paradigms.values():
        say(f"dictionary  {escape('  '.join(forms_there))}")
    if known and not paradigms:
        say("[dim]dictionary  not this word: try its first form[/dim]")
    elif not known and (install := how_to_install(language)):
        say(f"[dim]dictionary  none here: {install}[/dim]")


def _counted(counts: Mapping[str, int]) -> str:
    shown = [f"{escape(word)} [dim]{count}[/dim]" for word, count in list(counts.items())[:SHOWN]]
    return "  ".join(shown) + (f"  [dim]and {len(counts) - SHOWN} more[/dim]" if len(counts) > SHOWN else "")


@click.command()
@click.argument("name")
@Into
@File
@Since
@Folder
@as_json
def variants(name: str, into: str | None, file: str | None, since: str | None, folder: Path | None, as_json: bool) -> int:
    """Spellings of a person's or a place's name in the archive, by what Slavic spellings have in common; look at each of them."""
    here = rules_folder(folder)
    try:
        found = suggest_variants(name, _documents(open_archive(file, here, given_moment(since))))
    except ValueError as error:
        raise WrongUse(str(error)) from error
    if as_json:
        for spelling in found:
            json_line(asdict(spelling))
    elif found:
        table(
            ("spelling", "language", "articles"),
            [(escape(one.text), one.language or "?", str(one.articles)) for one in found],
            right=(2,),
        )
        say("")
        for language in dict.fromkeys(one.language for one in found if one.language):
            say(f"  {language}: \\[{', '.join(quoted(escape(one.text)) for one in found if one.language == language)}]")
    else:
        say("no spelling of it in these articles")
    if into and found:
        write_phrases(load_rules(here), here, into, [(one.language, one.text) for one in found if one.language])
    return 0 if found else 1


@click.command()
@click.argument("rule")
@File
@Since
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="How many words at most")
@Folder
@as_json
def terms(rule: str, file: str | None, since: str | None, most: int, folder: Path | None, as_json: bool) -> int:
    """Words that articles labelled for a rule and missed by it hold more often than the others do."""
    here = rules_folder(folder)
    ruleset = load_rules(here)
    known_rules((rule,), ruleset.by_id)
    engine = Engine(ruleset)
    missed: list[Document] = []
    others: list[Document] = []
    for filed in _filed(open_archive(file, here, given_moment(since))):
        wanted = filed.judged.mark(rule) is Mark.RELEVANT
        (missed if wanted and not explain(rule, filed.document, engine).matched else others).append(filed.document)
    if not missed:
        say(f"no labelled article that {rule} misses: nothing to learn from") if not as_json else None
        return 1
    found = suggest_terms(ruleset.by_id[rule], missed, others, most)
    if as_json:
        for idea in found:
            json_line(asdict(idea))
    else:
        say(f"{counted(len(missed), 'article')} missed, {len(others)} others\n")
        rows = [(escape(idea.word), idea.language, str(idea.missed), str(idea.others), f"{idea.z:.1f}") for idea in found]
        table(("word", "language", "missed", "others", "z"), rows, right=(2, 3, 4))
    return 0 if found else 1


def _filed(archive: Archive) -> Iterator[Filed]:
    with progress("articles", archive.count) as bar:
        for filed in archive:
            yield filed
            advance(bar)


@click.command()
@click.argument("rule")
@click.option("--false", "ids", required=True, metavar="ID,ID…", help="Articles that the rule should not find, two or more")
@click.option("--write", "wanted", is_flag=True, help="Write masks, vetoes and tests into the rule's file, and raise its version")
@File
@Since
@Folder
@as_json
def exception(rule: str, ids: str, wanted: bool, file: str | None, since: str | None, folder: Path | None, as_json: bool) -> int:
    """A mask or veto that silences false hits, proposed only if every labelled true hit still matches."""
    here = rules_folder(folder)
    ruleset = load_rules(here)
    known_rules((rule,), ruleset.by_id)
    false, true = _false_and_true(
        rule, [name.strip() for name in ids.split(",") if name.strip()], open_archive(file, here, given_moment(since))
    )
    try:
        found = suggest_exception(ruleset.by_id[rule], ruleset, list({one.id: one for one in false.values()}.values()), true)
    except ValueError as error:
        raise WrongUse(str(error)) from error
    if as_json:
        json_line({**asdict(found), "words": [words._asdict() for words in found.words], "lines": exception_lines(found)})
    else:
        _show_exception(found, false.values())
    if wanted and found.words:
        items = [(("match", kind), item) for kind, item in exception_items(found)]
        tests = [(("tests", "should_not_match"), inline_test(one)) for one in false.values() if one.id in found.silenced]
        write_items(ruleset.by_id[rule], here, [*items, *tests])
    return 0 if found.words and not found.left else 1


def _false_and_true(rule: str, names: list[str], archive: Archive) -> tuple[dict[str, Document], list[Document]]:
    """The false hits named, and the articles labelled as true ones.

    Raises:
        WrongUse: A name is none or several.
    """
    false: dict[str, Document] = {}
    true = []
    for filed in _filed(archive):
        own = [
            name
            for name in names
            if filed.article.id.startswith(name) or name in (filed.article.url, filed.article.canonical_url)
        ]
        for name in own:
            if name in false:
                raise WrongUse(f"more than one article begins with {name}")
            false[name] = filed.document
        if not own and filed.judged.mark(rule) is Mark.RELEVANT:
            true.append(filed.document)
    if strange := [name for name in names if name not in false]:
        raise WrongUse(f"no such article: {', '.join(strange)}")
    return false, true


def _show_exception(found: Exemption, false: Iterable[Document]) -> None:
    if not found.words:
        say("[yellow]nothing proposed[/yellow]: no words that two of them share could silence them and keep every true hit")
        return
    say(
        f"[green]✓[/green] silences {len(found.silenced)} of {len(found.silenced) + len(found.left)}; all {counted(found.kept, 'labelled true hit')} still match\n"
    )
    say("match:")
    for line in exception_lines(found):
        say(escape(line))
    say("\ntests:\n  should_not_match:")
    for document in false:
        if document.id in found.silenced:
            say(escape(f"    - {inline_test(document)}"))
    for left in found.left:
        say(f"[yellow]left[/yellow]  {escape(left)}")
    say("[dim]Put the tests into your own words, say why in each mask, raise the version, then: monitor rules test[/dim]")
