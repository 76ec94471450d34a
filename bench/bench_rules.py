"""What matching costs: against one compiled `re` per phrase, against a bare automaton scan, and as rules grow a hundredfold; and loading.

All figures come from one run on one machine; only the ratios mean anything elsewhere. Run: .venv/bin/python bench/bench_rules.py
"""

import random
import re
import statistics
import time
from functools import cache
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import ahocorasick_rs

from monitor.model.digest import RuleVoice
from monitor.model.match import Direction, Document
from monitor.model.problem import Place
from monitor.rules.engine import Engine
from monitor.rules.load import check_rules, load_rules
from monitor.rules.names import built_in_negators
from monitor.rules.read_terms import no_references
from monitor.rules.schema import CueRule, Header, NearCondition, Phrase, Rule, RuleSet, ScoreItem, Term, TermCondition
from monitor.rules.terms import parse_term
from monitor.text.fold import fold
from monitor.text.tokens import folded_words

SYLLABLES = [onset + vowel for onset in "бвгджзклмнпрстфхцчш" for vowel in "аеиоуыя"]
ENDINGS = ["", "а", "ов", "ский", "ного", "ами", "ить", "ение"]
PLACE = Place("bench")
COUNTS = (100, 1_000, 10_000)
AUTOMATON = ahocorasick_rs.Implementation.ContiguousNFA


def vocabulary(random_, size):
    """Words of two to five syllables with endings; the first ones are the frequent ones."""
    words = set()
    while len(words) < size:
        words.add("".join(random_.choices(SYLLABLES, k=random_.randint(2, 5))) + random_.choice(ENDINGS))
    return sorted(sorted(words), key=lambda _: random_.random())


@cache
def zipf_weights(count):
    """Sums of the weights of so many words, by rank."""
    return list(accumulate(1 / (rank + 10) for rank in range(count)))


def zipf(random_, words, count):
    return random_.choices(words, cum_weights=zipf_weights(len(words)), k=count)


def articles(random_, words, phrases, count):
    """Articles of about 5 kB; one in four holds a phrase of some rule in full."""
    made = []
    for number in range(count):
        text = zipf(random_, words, 320)
        if number % 4 == 0:
            text[40:40] = random_.choice(phrases).replace("*", "ами").split()
        lines = [" ".join(text[at : at + 60]).capitalize() + "." for at in range(0, len(text), 60)]
        made.append(Document(f"d{number}", " ".join(text[:9]).capitalize(), "\n".join(lines), "ru", True))
    return made


def phrases_for(random_, words, foreign, count, share=0.002):
    """Half one word, half two; two in three are prefixes; all different. A `share` of them is of the articles' own words."""
    found = set()
    while len(found) < count:
        pool = words if random_.random() < share else foreign
        chosen = random_.sample(pool, random_.choice((1, 2)))
        found.add(" ".join(word[: max(6, len(word) - 2)] + "*" if random_.random() < 0.66 else word for word in chosen))
    return sorted(sorted(found), key=lambda _: random_.random())


def rule(number, phrases):
    """Ten phrases in three terms, with near, score, threshold and direction."""

    def term(name, texts):
        return Term(
            name, {"ru": tuple(Phrase(text, "ru", PLACE, parse_term(text, "ru", no_references)) for text in texts)}, PLACE
        )

    near = NearCondition((("a",), ("b",)), 12)
    return Rule(
        id=f"r{number:05}",
        version=1,
        header=Header("bench"),
        place=PLACE,
        hash=str(number),
        langs=("ru",),
        terms={"a": term("a", phrases[:4]), "b": term("b", phrases[4:7]), "c": term("c", phrases[7:10])},
        require=(TermCondition("a"),),
        score=(ScoreItem(TermCondition("a"), 3.0), ScoreItem(near, 3.0)),
        threshold=3.0,
        masks=(),
        vetoes=(),
        window=12,
        cues=(CueRule(TermCondition("c"), Direction.WORSENS, -4.0, "", ("a",)),),
        voice=RuleVoice(f"r{number:05}", "bench", 1),
        examples=(),
    )


def ruleset(phrases, count):
    rules = tuple(rule(number, phrases[number * 10 : number * 10 + 10]) for number in range(count))
    return RuleSet(rules, (), built_in_negators(), "bench")


def per_article(functions, documents, rounds=5):
    """The least seconds of processor time an article of each function, in turns, after one pass to warm caches up."""
    best = [float("inf")] * len(functions)
    for turn in range(rounds + 1):
        for number, function in enumerate(functions):
            start = time.process_time()
            for document in documents:
                function(document)
            if turn:
                best[number] = min(best[number], (time.process_time() - start) / len(documents))
    return best


def one_re_each(phrases):
    """What a straightforward program does: one expression per phrase, each searched."""
    compiled = [
        re.compile(r"\b" + r"\W+".join(re.escape(word).replace(r"\*", r"\w*") for word in phrase.split()) + r"\b", re.IGNORECASE)
        for phrase in phrases
    ]

    def scan(document):
        return [
            number for number, pattern in enumerate(compiled) if pattern.search(document.title) or pattern.search(document.text)
        ]

    return scan


def bare_scan(phrases):
    """The least that any finder of phrases does: an automaton over text that is folded already, substrings and all."""
    automaton = ahocorasick_rs.AhoCorasick([phrase.replace("*", "") for phrase in phrases], implementation=AUTOMATON)
    return lambda folded: automaton.find_matches_as_indexes(folded, overlapping=True)


def growth(title, phrases, documents, scan, goal=""):
    """Print what 100, 1,000 and 10,000 rules cost; give the costs of the last two, and of the scan."""
    engines, compiling = [], []
    for count in COUNTS:
        found = ruleset(phrases, count)
        start = time.process_time()
        engines.append(Engine(found))
        compiling.append(time.process_time() - start)
    folded = {document.id: fold(document.text, "ru").text for document in documents}
    *costs, bare = per_article([*(engine.analyse for engine in engines), lambda document: scan(folded[document.id])], documents)
    print(f"{title}\n{'rules':>7} {'phrases':>8} {'compile ms':>11} {'ms/article':>11} {'matches/article':>16}")
    for count, engine, compiled, cost in zip(COUNTS, engines, compiling, costs, strict=True):
        matches = statistics.mean(len(engine.analyse(document).matches) for document in documents)
        print(f"{count:>7} {count * 10:>8} {compiled * 1000:>11.0f} {cost * 1000:>11.3f} {matches:>16.2f}")
    print(f"growth 100 → 10,000 rules {costs[2] / costs[0]:>9.2f}   {goal}\n")
    return costs, bare


def main():
    random_ = random.Random(20261121)
    every = vocabulary(random_, 460_000)
    words, foreign = every[:60_000], every[60_000:]
    few = phrases_for(random_, words, foreign, 1_000, 0.05)
    heads = {word[:length] for word in words for length in range(4, len(word) + 1)}
    strange = [word for word in foreign if word[: max(6, len(word) - 2)] not in heads]
    same = [*few, *phrases_for(random_, words, strange, 99_000, 0)]
    documents = articles(random_, words, few, 200)
    size = statistics.mean(len(document.text.encode()) for document in documents)
    more = phrases_for(random_, words, foreign, 100_000)
    with TemporaryDirectory() as folder:
        loading(Path(folder), more, 10_000)
    print(f"\n{len(documents)} articles of {size / 1000:.1f} kB (UTF-8)\n")
    scan = bare_scan(same[:10_000])
    costs, bare = growth("more rules on other matters: an article matches as many as before", same, documents, scan, "(goal ≤ 2)")
    growth("one phrase in 500 of the articles' own words: matches grow with the rules", more, documents, scan)
    own = phrases_for(random_, words[:20_000], foreign, 100_000, 0.05)
    growth("one phrase in 20 of their 20,000 commonest words", own, documents[:40], scan)
    (peer,) = per_article([one_re_each(same[:10_000])], documents[:4], rounds=1)
    words_alone = per_article([lambda document: folded_words(document.text, "ru")], documents)[0]
    cost = costs[1]
    print(f"1,000 rules, 10,000 phrases         {cost * 1000:>9.3f} ms/article")
    print(f"one re per phrase                   {peer * 1000:>9.1f} ms/article   ratio {peer / cost:>6.0f}   (goal ≥ 200)")
    print(f"bare ahocorasick_rs scan, folded    {bare * 1000:>9.3f} ms/article   ratio {cost / bare:>6.2f}   (goal ≤ 3)")
    print(f"cutting into folded words alone     {words_alone * 1000:>9.3f} ms/article   share {words_alone / cost:>6.2f}")
    shipped(documents)


def shipped(documents):
    folder = Path(__file__).parent.parent / "rules"
    start = time.process_time()
    found = load_rules(folder)
    loaded = time.process_time() - start
    (cost,) = per_article([Engine(found).analyse], documents)
    print(
        f"shipped rules ({len(found.rules)}, {len(found.names)} names)      loaded in {loaded:.2f} s   {cost * 1000:.3f} ms/article"
    )


RULE = """\
schema: 1
id: {id}
version: 1
title: Rule {id}
status: active
owner: desk
created: 2026-01-02
modified: 2026-02-03
scope: {{langs: [ru]}}
terms:
  a: {{ru: [{a}]}}
  b: {{ru: [{b}]}}
  c: {{ru: [{c}]}}
match:
  require:
    - a
  score:
    - {{term: a, weight: 3}}
    - {{near: [a, b], within: 12, weight: 3}}
  threshold: 3
direction:
  window: 12
  anchor: a
  worsens: [{{term: c, score: -4, plover: MOBILIZE/troops}}]
digest: {{section: Bench}}
tests:
  should_match:
    - {{lang: ru, title: "{match}"}}
  should_not_match:
    - {{lang: ru, title: "совсем другое"}}
"""


def loading(folder, phrases, count):
    """As many rule files on disk, of 10 phrases and two tests each: read for use, then with the advice of lint."""
    for number in range(count):
        ten = phrases[number * 10 : number * 10 + 10]
        a, b, c = (", ".join(f'"{text}"' for text in part) for part in (ten[:4], ten[4:7], ten[7:]))
        name = f"r{number:05}"
        text = RULE.format(id=name, a=a, b=b, c=c, match=ten[0].replace("*", ""))
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    start = time.process_time()
    found = load_rules(folder)
    loaded = time.process_time() - start
    assert len(found.rules) == count
    start = time.process_time()
    check_rules(folder)
    print(
        f"{count:,} rule files                {loaded:>16.2f} s loaded   (goal ≤ 5)   {time.process_time() - start:.2f} s with lint"
    )


if __name__ == "__main__":
    main()
