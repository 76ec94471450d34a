"""What matching costs: against one compiled `re` per phrase, against a plain tokeniser, and as rules grow a hundredfold.

All figures come from one run on one machine; only the ratios mean anything elsewhere. Run: .venv/bin/python bench/bench_rules.py
"""

import random
import re
import statistics
import time
from pathlib import Path

from monitor.model.digest import RuleVoice
from monitor.model.match import Direction, Document
from monitor.model.problem import Place
from monitor.rules.engine import Engine
from monitor.rules.load import load_rules
from monitor.rules.names import built_in_negators
from monitor.rules.read_terms import no_references
from monitor.rules.schema import CueRule, Header, NearCondition, Phrase, Rule, RuleSet, ScoreItem, Term, TermCondition
from monitor.rules.terms import parse_term
from monitor.text.tokens import tokens

SYLLABLES = [onset + vowel for onset in "бвгджзклмнпрстфхцчш" for vowel in "аеиоуыя"]
ENDINGS = ["", "а", "ов", "ский", "ного", "ами", "ить", "ение"]
PLACE = Place("bench")


def vocabulary(random_, size):
    """Words of two to five syllables with endings; the first ones are the frequent ones."""
    words = set()
    while len(words) < size:
        words.add("".join(random_.choices(SYLLABLES, k=random_.randint(2, 5))) + random_.choice(ENDINGS))
    return sorted(sorted(words), key=lambda _: random_.random())


def zipf(random_, words, count):
    return random_.choices(words, weights=[1 / (rank + 10) for rank in range(len(words))], k=count)


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


def phrases_for(random_, words, foreign, count):
    """Half one word, half two; two in three are prefixes; all different. One in five hundred is of the articles' own words.

    Rules on other matters: what an article matches does not grow with the number of rules, or it would be that which is measured.
    """
    found = set()
    while len(found) < count:
        pool = words if random_.random() < 0.002 else foreign
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


def main():
    random_ = random.Random(20261121)
    every = vocabulary(random_, 460_000)
    words, foreign = every[:60_000], every[60_000:]
    phrases = phrases_for(random_, words, foreign, 100_000)
    documents = articles(random_, words, phrases, 200)
    size = statistics.mean(len(document.text.encode()) for document in documents)
    print(f"{len(documents)} articles of {size / 1000:.1f} kB (UTF-8)\n")
    counts = (100, 1_000, 10_000)
    engines, compiling = [], []
    for count in counts:
        found = ruleset(phrases, count)
        start = time.process_time()
        engines.append(Engine(found))
        compiling.append(time.process_time() - start)
    *costs, bare = per_article([*(engine.analyse for engine in engines), lambda document: tokens(document.text, "ru")], documents)
    print(f"{'rules':>7} {'phrases':>8} {'compile ms':>11} {'ms/article':>11} {'matches':>8}")
    for count, engine, compiled, cost in zip(counts, engines, compiling, costs, strict=True):
        matches = sum(len(engine.analyse(document).matches) for document in documents)
        print(f"{count:>7} {count * 10:>8} {compiled * 1000:>11.0f} {cost * 1000:>11.3f} {matches:>8}")
    (peer,) = per_article([one_re_each(phrases[:10_000])], documents[:4], rounds=1)
    print(f"\none re per phrase, 10,000 phrases   {peer * 1000:>9.1f} ms/article   ratio {peer / costs[1]:>6.0f}   (goal ≥ 200)")
    print(f"cutting into folded words alone     {bare * 1000:>9.3f} ms/article   share {bare / costs[1]:>6.2f}")
    print(f"100 → 10,000 rules                  {'':>9}              growth {costs[2] / costs[0]:>5.2f}   (goal ≤ 2)")
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


if __name__ == "__main__":
    main()
