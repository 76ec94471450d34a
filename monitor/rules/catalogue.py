"""Every finding on rule files by its code: what it is about, why it matters, and an example of wrong and right; it checks nothing."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One kind of finding. `wrong` and `right` are what one might type; "" where there is nothing to show."""

    title: str
    why: str
    wrong: str = ""
    right: str = ""


_ERRORS = {
    "E001": Finding(
        "the file does not parse",
        "Most often a text holds a sign that YAML reads as its own: * @ : # or a quote in the middle.",
        "- *fleet",
        '- "fleet*"',
    ),
    "E002": Finding(
        "unknown key", "A misspelled key would be passed over in silence, and the rule would say less.", "titel: x", "title: x"
    ),
    "E003": Finding(
        "a field is missing", "Without it the rule cannot be read, or nobody can tell what it is for.", "", "version: 1"
    ),
    "E004": Finding("wrong type or value", "The field wants another kind of value.", "version: 1.10", "version: 2"),
    "E005": Finding(
        "a key stands twice", "YAML would keep the last of them and drop the other.", "{ru: [a], ru: [b]}", "{ru: [a, b]}"
    ),
    "E006": Finding(
        "the id is not the file name, or is used twice", "Matches name a rule by its id; two of one name cannot be told apart."
    ),
    "E007": Finding(
        "no such term",
        "A condition names a term that the rule does not define.",
        "near: [grain, harbor]",
        "near: [grain, harbour]",
    ),
    "E008": Finding(
        "the term cannot be read", "The term language knows words, *, (a|b), <n>, = and @.", '"port[s]"', '"port(|s)"'
    ),
    "E009": Finding(
        "no language code",
        "Languages are ISO 639-1 codes in lower case; a country's code is another thing.",
        "by: […]",
        "be: […]",
    ),
    "E010": Finding(
        "the threshold can never be reached", "All weights together, in a title, come to less: the rule would be dumb."
    ),
    "E011": Finding("a required term has no words", "In none of the rule's languages could the requirement be met."),
    "E012": Finding("no such @name", "Neither a name nor a lexicon has this id.", '"@odessa"', '"@odesa"'),
    "E013": Finding(
        "the expression is wrong or could run away",
        "Every repeat needs an upper bound and the ways through it are counted, so that no article can stall the service.",
        "'re:a.*b'",
        "'re:a.{0,20}b'",
    ),
    "E014": Finding(
        "a test that cannot be right", "Its assertion names nothing that exists, so it would pass or fail for no reason."
    ),
    "E015": Finding(
        "no such rule", "`related`, `replaces` or a filter names a rule, or a tag of rules, that the folder does not hold."
    ),
    "E016": Finding("the file is newer than the program", "A format that this program does not know may mean something else."),
    "E017": Finding("no rules here", "An empty folder is more often a wrong path than a wish to watch nothing."),
}
_WARNINGS = {
    "W101": Finding("short prefix", "A beginning of under four letters reaches many words.", '"na*"', '"(nave|naval)"'),
    "W102": Finding("prefix reaches many words", "Measured against a dictionary: see `monitor rules words`."),
    "W103": Finding(
        "covered by another term",
        "Every hit of it is a hit of the other: it only makes the list longer.",
        '["grain*", "grains"]',
        '["grain*"]',
    ),
    "W104": Finding("term not used", "Nothing in match or direction names it, so its words find nothing."),
    "W105": Finding("no word in a language", "The rule says it reads the language and has nothing to find in it."),
    "W106": Finding("two alphabets in one word", "A letter was typed on the wrong keyboard; it looks the same and is not."),
    "W107": Finding(
        "one plain word reaches the threshold", "The other scores decide nothing, and a word alone rarely tells the matter."
    ),
    "W108": Finding(
        "requirement that decides nothing",
        "Another one implies it.",
        "require: [grain, {any: [grain, port]}]",
        "require: [grain]",
    ),
    "W109": Finding("tests missing", "A rule wants at least one article that it must find and one that it must not."),
    "W110": Finding(
        "test passes for another reason", "What stops the rule is not what `because` says: the test guards something else."
    ),
    "W111": Finding(
        "changed without a new version", "Stored matches name the version; two contents under one number cannot be told apart."
    ),
    "W112": Finding("modified before created", "One of the dates is wrong."),
    "W113": Finding("deprecated without a word", "Nobody can tell what stands in for it, or since when."),
    "W114": Finding("shadowed by another rule", "Every article it found was found by the other too; needs an archive."),
    "W115": Finding(
        "veto on the whole text", "One word anywhere silences a long article.", "veto: [{terms: …}]", "mask: [{terms: …}]"
    ),
    "W116": Finding("near is far", "At that distance the words need have nothing to do with each other."),
    "W117": Finding("cue for both sides", "What improves and worsens at once tells nothing."),
    "W118": Finding("capitals match in any case", "An acronym may be a word in small letters.", '"WHO"', '"=WHO"'),
    "W119": Finding(
        "everyday word in another language",
        "Short texts are tried in all languages, and there the word stands everywhere.",
        'pl: ["on"]',
        'pl: ["on <1> sam"]',
    ),
    "W120": Finding("invisible character", "It cannot be seen, was pasted by accident, and makes two equal terms differ."),
    "W121": Finding("no owner", "Nobody answers for an active rule."),
    "W122": Finding(
        "prefix misses a form",
        "A word changes its stem in some case; measured against a dictionary: see `monitor rules words`.",
        '"flank*"',
        '"(flank*|flance)"',
    ),
    "W123": Finding("name defined twice", "The first holds; what the second adds is not used."),
}
_INFORMATION = {
    "I201": Finding("no references", "Readers ask what a rule is founded on."),
    "I202": Finding("short description", "A sentence or two spare the next analyst an hour."),
    "I203": Finding("long test", "A test of a few lines shows what decides; a whole article hides it."),
    "I204": Finding("language without articles", "Nothing in the language came in for 90 days; needs an archive."),
}
_HYGIENE = {
    "H101": Finding("silent", "In 90 days it found nothing: its words may be misspelt, or its sources gone; needs an archive."),
    "H102": Finding(
        "noisy", "It finds a fifth of all articles, or three in ten of its labelled hits are not relevant; needs an archive."
    ),
    "H103": Finding(
        "on trial too long",
        "A shadow that nobody judges after 60 days tells nobody anything.",
        "status: shadow",
        "status: active",
    ),
}
CATALOGUE: dict[str, Finding] = {**_ERRORS, **_WARNINGS, **_INFORMATION, **_HYGIENE}
"""E: the rule set is refused. W: warns, and fails a strict check. I: never fails. H: what `hygiene` finds beside W and I."""


def findings_page() -> str:
    """The catalogue as a page of the documentation."""
    lines = [
        "# Findings on rules",
        "",
        "What `monitor rules check` tells, by code. E refuses the whole set of rules, W warns and fails a strict check, I fails nothing.",
        "`monitor rules hygiene` looks at the archive and at git besides: it tells H, and of the others W109, W111, W113, W114, W121 and I204.",
        "To accept one warning, write `# lint: ignore W101 -- why` on its line. For a whole folder, `rules/lint.yml` holds",
        "`disable: [W105]`, `severity: {W101: info}` and `baseline:`, the findings that the desk lives with",
        "(`monitor rules check --baseline` writes it; each is known again by code, rule and what it names in quotes).",
        "",
        "| code | what | why | wrong | right |",
        "|---|---|---|---|---|",
    ]
    for code, finding in CATALOGUE.items():
        cells = [finding.title, finding.why, *(f"`{shown}`" if shown else "" for shown in (finding.wrong, finding.right))]
        lines.append(f"| {code} | {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"
