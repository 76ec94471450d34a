"""How well copies, stories and translations are found in public sets; prints the figures that docs/why quotes.

The sets are not in this project; unpack them anywhere and name their places. Either may be left out with "-".

ECB+ (Cybulska and Vossen 2014; folder of topics 1 … 45): articles on 43 pairs of look-alike events, without dates. Two articles of one
event are copies where at least half of the shorter one's words stand in the other in runs of six, and apart where less than a tenth.
WMT21 news (newstest2021.ru-en.all.xml, and others alike): each story in two languages, some by two translators.

Run: .venv/bin/python bench/bench_story_quality.py ECB_FOLDER WMT_XML…
"""

import random
import re
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET  # the sets are the reader's own files

from monitor.model.article import Article, DateSource, Source
from monitor.model.match import Analysis
from monitor.model.story import AnalysedArticle
from monitor.stories.copies import fold_copies
from monitor.stories.telling import tell_stories
from monitor.stories.translations import FEWEST_WORDS, anchors_of, translation_reason
from monitor.stories.words import words_of

START = datetime(2020, 8, 3, tzinfo=UTC)
RUN, COMPARED_WORDS, COPY, APART = 6, 40, 0.5, 0.1


def article(name, title, text, language="en", dated=False, hours=0):
    """One article of a host of its own."""
    url = f"https://{re.sub('[^a-z0-9]', '-', name.lower())}.example.org/{name}"
    date, at = (DateSource.FEED if dated else DateSource.FIRST_SEEN), START + timedelta(hours=hours)
    made = Article(name, name, name, url, url, url, title, text, language, True, at, date, at, Source(name, name))
    return AnalysedArticle(made, Analysis(name, (), (), ""))


def ecb(folder):
    """(article, event) of every file; the event is the topic with the half of the set."""
    for path in sorted(Path(folder).rglob("*.xml")):
        sentences = defaultdict(list)
        for token in ET.parse(path).getroot().iter("token"):
            sentences[int(token.get("sentence"))].append(token.text or "")
        lines = [re.sub(r" (['’.,;:!?)])", r"\1", " ".join(sentences[number])) for number in sorted(sentences)]
        if lines[0].startswith("http"):
            lines = lines[1:]
        half = "plus" if "plus" in path.stem else "ecb"
        yield article(path.stem, lines[0], "\n".join(lines[1:])), f"{path.parent.name}{half}"


def covered(one, other):
    """The share of the shorter text's words that stand in the other in runs of at least six."""
    few, many = sorted((one, other), key=len)
    runs = {many[place : place + RUN] for place in range(len(many) - RUN + 1)}
    inside = set()
    for place in range(len(few) - RUN + 1):
        if few[place : place + RUN] in runs:
            inside.update(range(place, place + RUN))
    return len(inside) / len(few)


def report_copies(items, event):
    words = {item.article.id: words_of(f"{item.article.title}\n{item.article.text}").words for item in items}
    joined = {
        frozenset(pair) for group in fold_copies(items) for pair in combinations([one.article.id for one in group.articles], 2)
    }
    copies, apart = set(), set()
    for one, other in combinations(sorted(words), 2):
        if event[one] == event[other] and min(len(words[one]), len(words[other])) >= COMPARED_WORDS:
            share = covered(words[one], words[other])
            (copies if share >= COPY else apart if share < APART else set()).add(frozenset((one, other)))
    across = {pair for pair in joined if len({event[name] for name in pair}) > 1}
    right, wrong = len(joined & copies), len(joined & apart) + len(across)
    precision, recall = right / (right + wrong), right / len(copies)
    print(
        f"ECB+ copies: P {precision:.3f}, R {recall:.3f}, F1 {2 * precision * recall / (precision + recall):.3f} "
        f"({len(copies)} pairs, {len(apart)} apart; {wrong} wrong, {len(across)} of them across events)"
    )


def bcubed(predicted, wanted):
    """BCubed precision, recall, F1 (Bagga and Baldwin 1998)."""
    together, labelled = defaultdict(set), defaultdict(set)
    for name in wanted:
        together[predicted[name]].add(name)
        labelled[wanted[name]].add(name)
    both = [
        (len(together[predicted[n]] & labelled[wanted[n]]), len(together[predicted[n]]), len(labelled[wanted[n]])) for n in wanted
    ]
    precision = sum(same / size for same, size, _ in both) / len(both)
    recall = sum(same / size for same, _, size in both) / len(both)
    return precision, recall, 2 * precision * recall / (precision + recall)


def report_stories(items, event):
    stories = tell_stories(items)
    predicted = {item.article.id: story.id for story in stories for item in story.articles}
    rows = [(predicted[a] == predicted[b], event[a] == event[b]) for a, b in combinations(sorted(event), 2)]
    pairs = 2 * sum(p and w for p, w in rows) / (sum(p for p, _ in rows) + sum(w for _, w in rows))
    topics = defaultdict(set)
    for name in event:
        topics[re.match(r"\d+", event[name])[0]].add(name)
    merged = [
        {event[name] for name in names if len({event[n] for n in names if predicted[n] == predicted[name]}) > 1}
        for names in topics.values()
    ]
    alike = sum(bool(found) for found in merged) / len(topics)
    crossing = [
        predicted[a] == predicted[b]
        for names in topics.values()
        for a, b in combinations(sorted(names), 2)
        if event[a] != event[b]
    ]
    precision, recall, f1 = bcubed(predicted, event)
    print(
        f"ECB+ stories: BCubed P {precision:.3f}, R {recall:.3f}, F1 {f1:.3f}; pairs F1 {pairs:.3f}; look-alike pairs of articles told as "
        f"one {sum(crossing) / len(crossing):.3f}; topics with any such pair {alike:.2f} ({len(stories)} stories)"
    )


def wmt(path):
    """(id, {version: (language, lines)}) of every story: its source and its human translations."""
    for doc in ET.parse(path).getroot().iter("doc"):
        versions = {}
        for part in (*doc.findall("src"), *doc.findall("ref")):
            lines = [seg.text or "" for seg in part.iter("seg")]
            versions[part.get("translator") or "src"] = (part.get("lang"), lines)
        yield doc.get("id"), versions


def report_translators(stories):
    """Copies found between two translators of one text, of at least 60 words."""
    items = []
    for name, versions in stories:
        told = [one for version, one in sorted(versions.items()) if version != "src"]
        if len(told) > 1 and sum(len(line.split()) for line in told[0][1]) >= 60:
            items += [
                article(f"{name}-{place}", lines[0], "\n".join(lines[1:]), language)
                for place, (language, lines) in enumerate(told[:2])
            ]
    if not items:
        return
    found = [tuple(one.article.id[:-2] for one in group.articles) for group in fold_copies(items)]
    right = sum(len(names) == 2 and len(set(names)) == 1 for names in found)
    wrong = sum(len(set(names)) > 1 for names in found)
    print(f"  two translators: R {right / (len(items) / 2):.3f} of {len(items) // 2}, {wrong} wrong groups")


def report_translations(stories):
    """Texts marked as related among all pairs of a source with a first translation: those of one story are right."""
    sides = []
    for name, versions in stories:
        translated = next((told for version, told in sorted(versions.items()) if version != "src"), None)
        if translated:
            told = [
                article(name, lines[0], "\n".join(lines[1:]), language).article
                for language, lines in (versions["src"], translated)
            ]
            sides.append([anchors_of(one) for one in told])
    long = sum(min(one.words, other.words) >= FEWEST_WORDS for one, other in sides)
    found = [(a, b) for a in range(len(sides)) for b in range(len(sides)) if translation_reason(sides[a][0], sides[b][1])]
    right = sum(a == b for a, b in found)
    print(
        f"  translations: P {right / max(1, len(found)):.3f} of {len(found)} marked among {len(sides) ** 2} pairs, "
        f"R {right / max(1, long):.3f} of {long} stories of {FEWEST_WORDS} words, {right / len(sides):.3f} of all"
    )


def main():
    if len(sys.argv) < 2:
        print(__doc__.strip().splitlines()[-1] + "      (the sets are not in this project; nothing is measured without them)")
        return
    folder, *files = sys.argv[1:]
    if folder != "-":
        rows = list(ecb(folder))
        items, event = [item for item, _ in rows], {item.article.id: name for item, name in rows}
        random.Random(1).shuffle(items)
        report_copies(items, event)
        report_stories(items, event)
    for path in (file for file in files if file != "-"):
        stories = list(wmt(path))
        print(f"{Path(path).name}: {len(stories)} stories")
        report_translators(stories)
        report_translations(stories)


if __name__ == "__main__":
    main()
