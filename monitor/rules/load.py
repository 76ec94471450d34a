"""Reads a folder of rules, names and lexicons: all of it or nothing, with every problem told at once."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from monitor.model.errors import WrongFiles
from monitor.model.problem import Place, Problem, Severity
from monitor.rules.lint import accepted, lint_rule, lint_texts
from monitor.rules.lint_settings import LINT_FILE, read_lint_settings
from monitor.rules.names import NEGATORS, NamesFile, built_in_negators, read_lexicon, read_names
from monitor.rules.read_filter import Known, read_filter
from monitor.rules.read_rule import read_rule
from monitor.rules.read_terms import References
from monitor.rules.reading import Reader, nearest
from monitor.rules.schema import MATCHING, Lexicon, NamedTerm, Rule, RuleCheck, RuleSet, Term, content_hash
from monitor.text.located_yaml import read_located

RESERVED = frozenset({"names", "lexicons", "filters", "schema"})
NOT_RULES = frozenset({"expectations.yml", LINT_FILE})
_ENDINGS = (".yml", ".yaml")


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is read stays: the collector does not go through it again and again, and takes it for old at the end."""
    waits = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if waits:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def load_rules(folder: Path) -> RuleSet:
    """The rule set of a folder.

    Raises:
        WrongFiles: Anything is wrong that would change what rules find; it holds every problem, warnings too, and nothing is loaded.
    """
    check = quick_check(folder)
    if check.ruleset is None:
        raise WrongFiles(check.problems)
    return check.ruleset


@_uncollected()
def quick_check(folder: Path) -> RuleCheck:
    """As `check_rules`, without the advice of lint where nothing is wrong: what a service wants to know."""
    found = _read(_Loaded(folder, lint=False))
    settings, wrong = read_lint_settings(folder)
    if Severity.ERROR not in (*settings.severities.values(), *(problem.severity for problem in (*found.problems, *wrong))):
        return RuleCheck(found.ruleset(), (), found.files)
    return check_rules(folder)


@_uncollected()
def check_rules(folder: Path, *, more: Iterable[Problem] = (), information: bool = False) -> RuleCheck:
    """Read a folder and tell all problems in order of place; the set is None where one of them is an error.

    Args:
        folder: With `lint.yml`, where the desk says which warnings it wants.
        more: Findings made elsewhere that those settings and comments hold for too.
        information: Tell also what fails nothing (I201 to I203).
    """
    found = _read(_Loaded(folder, information=information))
    settings, wrong_settings = read_lint_settings(folder)
    kept = [*settings.applied(_kept([*found.problems, *more])), *wrong_settings]
    problems = tuple(sorted(kept, key=lambda problem: (problem.place, problem.code, problem.message)))
    wrong = any(problem.severity is Severity.ERROR for problem in problems)
    return RuleCheck(None if wrong else found.ruleset(), problems, found.files)


def _read(found: _Loaded) -> _Loaded:
    found.read_references()
    found.read_rules()
    found.read_filters()
    found.check_between_rules()
    return found


def rule_files(folder: Path) -> Iterator[Path]:
    """The rule files of a folder and of the folders below it, by name; names, lexicons and hidden files are not among them."""
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in parts)
        reserved = parts[0] in RESERVED or (len(parts) == 1 and file.name in NOT_RULES)
        if file.suffix in _ENDINGS and file.is_file() and not hidden and not reserved:
            yield file


def reference_files(folder: Path) -> Iterator[Path]:
    """The names files and lexicons of a folder, by name."""
    for part in ("names", "lexicons"):
        yield from (file for file in sorted((folder / part).glob("*")) if file.suffix in _ENDINGS and file.is_file())


def filter_files(folder: Path) -> Iterator[Path]:
    """The filters of a folder, by name."""
    yield from (file for file in sorted((folder / "filters").glob("*")) if file.suffix in _ENDINGS and file.is_file())


@dataclass(slots=True)
class _Loaded:
    """What has been read of one folder so far."""

    folder: Path
    lint: bool = True
    information: bool = False
    problems: list[Problem] = field(default_factory=list)
    files: int = 0
    rules: list[Rule] = field(default_factory=list)
    rule_ids: dict[str, Place] = field(default_factory=dict)
    named: list[NamedTerm] = field(default_factory=list)
    lexicons: dict[str, Lexicon] = field(default_factory=dict)
    references: References = field(default_factory=References)
    relations: list[tuple[Reader, str, int, str]] = field(default_factory=list)

    def read_references(self) -> None:
        """Names and lexicons, which rules refer to."""
        seen: dict[str, Place] = {}
        owners: list[tuple[str, Place]] = []
        for folder, read in (("names", read_names), ("lexicons", read_lexicon)):
            for file in sorted((self.folder / folder).glob("*")):
                if file.suffix not in _ENDINGS:
                    continue
                self.files += 1
                located, problems = read_located(file)
                self.problems.extend(problems)
                self.references.complete = self.references.complete and located is not None
                if located:
                    found, reader = read(located)
                    self.problems.extend(reader.problems)
                    self._take_names(found, seen)
                    owners += found.owners
        if self.references.complete:
            self._check_owners(owners)

    def _check_owners(self, owners: Iterable[tuple[str, Place]]) -> None:
        """E012: what `of` names must be a name."""
        known = {entry.name.id for entry in self.named}
        for name, place in owners:
            if name not in known:
                mend = nearest(name, known) or "write the id of a names entry"
                self.problems.append(Problem(place, "E012", f'of: no name "{name}"', mend))

    def _take_names(self, found: NamesFile, seen: dict[str, Place]) -> None:
        twice = set()
        for name, place in found.places:
            if name in seen:
                twice.add(name)
                message = f'"{name}" stands at {seen[name]} already, which holds; this one is not used'
                self.problems.append(Problem(place, "W123", message, "give it another id, or merge the two", Severity.WARNING))
            else:
                seen[name] = place
        own = {name for name, place in found.places if seen[name] is place}
        kept = set(own)
        for entry in found.named:
            if entry.name.id in kept:
                self.named.append(entry)
                self.references.spellings[entry.name.id] = found.spellings[entry.name.id]
                kept.discard(entry.name.id)
        for lexicon in found.lexicons:
            if lexicon.id in own:
                self.lexicons[lexicon.id] = lexicon
                self.references.spellings[lexicon.id] = found.spellings[lexicon.id]

    def read_rules(self) -> None:
        """The rule files; a broken one never hides what is wrong in others."""
        files = list(rule_files(self.folder)) if self.folder.is_dir() else []
        if not files:
            there = "holds no rule file" if self.folder.is_dir() else "is no folder"
            self.problems.append(Problem(Place(str(self.folder)), "E017", f"{there}", "put rules/<id>.yml there"))
        for file in files:
            self.files += 1
            located, problems = read_located(file)
            self.problems.extend(problems)
            if not located:
                self.rule_ids.setdefault(file.stem, Place(str(file)))
                continue
            read, reader = read_rule(located, self.references)
            self._note_id(reader)
            if read.rule:
                self.rules.append(read.rule)
                if self.lint:
                    lint_rule(read.rule, read.used, reader)
                if self.information:
                    lint_texts(read.rule, reader)
            self.problems.extend(reader.problems)
            self._note_relations(reader)

    def read_filters(self) -> None:
        """The exceptions for many rules; each rule takes those that are meant for it."""
        read = []
        complete = len(self.rules) == len(self.rule_ids)
        for file in filter_files(self.folder):
            self.files += 1
            located, problems = read_located(file)
            self.problems.extend(problems)
            if located:
                found, reader = read_filter(located, Known(self.rules, self.rule_ids, complete), self.references)
                self.problems.extend(problem for problem in reader.problems if self.lint or problem.severity is Severity.ERROR)
                read += [found] if found else []
        for found in read:
            self.rules = [found.applied(rule) for rule in self.rules]

    def _note_id(self, reader: Reader) -> None:
        name = reader.file.data.get("id") if isinstance(reader.file.data, dict) else None
        if not isinstance(name, str):
            return
        if name in self.rule_ids:
            reader.add(("id",), "E006", f'the id "{name}" is used at {self.rule_ids[name]} already', "choose another id")
        self.rule_ids.setdefault(name, reader.place(("id",)))

    def _note_relations(self, reader: Reader) -> None:
        data = reader.file.data
        for key in ("replaces", "related"):
            values = data.get(key) if isinstance(data, dict) else None
            for index, value in enumerate(values if isinstance(values, list) else []):
                self.relations.append((reader, key, index, str(value)))

    def check_between_rules(self) -> None:
        """E015: what `related` and `replaces` name must exist."""
        for reader, key, index, name in self.relations:
            if name not in self.rule_ids:
                problem = reader.file.problem(
                    (key, index),
                    "E015",
                    f'{key}: no rule "{name}"',
                    nearest(name, self.rule_ids) or "rules: " + ", ".join(sorted(self.rule_ids)),
                )
                self.problems.append(problem)

    def ruleset(self) -> RuleSet:
        """All of it as one set."""
        rules = tuple(sorted(self.rules, key=lambda rule: rule.id))
        negators = self.lexicons.get(NEGATORS) or built_in_negators()
        named = tuple(sorted(self.named, key=lambda entry: entry.name.id))
        found = [(rule.id, rule.hash) for rule in rules]
        names = {entry.name.id: _texts(entry.term) for entry in named}
        content = [MATCHING, found, names, _texts(negators.term), _texts(negators.exceptions)]
        return RuleSet(rules, named, negators, content_hash(content), tuple(self.lexicons.values()), str(self.folder))


def _texts(term: Term) -> dict[str, list[str]]:
    return {language: sorted(phrase.text for phrase in phrases) for language, phrases in term.phrases.items()}


def _kept(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems without the warnings that a comment on their line accepts."""
    lines: dict[str, list[str]] = {}
    for problem in problems:
        if problem.severity is Severity.ERROR:
            yield problem
            continue
        file = problem.place.file
        if file not in lines:
            lines[file] = Path(file).read_text(encoding="utf-8-sig").splitlines()
        if not accepted(problem, lines[file]):
            yield problem
