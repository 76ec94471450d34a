"""What making an article of a page costs beside trafilatura alone, in the same run: both modes, on one core and on two.

Bare trafilatura is asked as its users ask: in its default way, once for the text alone (the harder measure, which the ratios are
of) and once with title, date, author and address, which is what ours gives besides the language. Ours also cuts furniture, and in
mode `best` asks for further opinions where two differ. Only the ratios mean anything elsewhere. Pages are made up in the shape of a news site's; a folder of *.html or *.html.gz
gives others, and the figures of docs/why come from such.
Run: .venv/bin/python bench/bench_articles.py [FOLDER]
"""

import gzip
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from trafilatura import bare_extraction

from monitor.article_page import extract_page
from monitor.compute import ProcessCompute

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ADDRESS = "https://example.org/a/1"
ROUNDS = 4
WORDS = "harbour ship winter town council mayor ice crew fuel insurer talk autumn price shore boat engine captain north".split()  # noqa: SIM905 - a text


def sentence(rng):
    return " ".join(rng.choices(WORDS, k=rng.randint(9, 22))).capitalize() + "."


def paragraph(rng):
    return f"<p class='text'>{sentence(rng)} <a href='/t/{rng.randint(1, 99)}'>{rng.choice(WORDS)}</a> {sentence(rng)} <em>{sentence(rng)}</em></p>"


def cards(rng, count):
    """Teasers as sites nest them: six elements for a link."""
    return "".join(
        f"<div class='card'><div class='pic'><a href='/c{n}'><img src='{n}.jpg' alt=''></a></div><div class='cap'><h4><a href='/c{n}'>{sentence(rng)}</a></h4>"
        f"<span class='when'>1{n % 9} May</span></div></div>"
        for n in range(count)
    )


def page(rng):
    """A page of a news site: scripts, menus, an article of about 700 words, teasers, comments, a subscription box, a footer."""
    menu = "".join(f"<li class='m{n}'><a href='/{n}'><span>{rng.choice(WORDS)}</span></a></li>" for n in range(120))
    script = f"<script>var s = {{{','.join(f'k{n}:{rng.random()}' for n in range(300))}}};</script>"
    body = "".join(paragraph(rng) for _ in range(rng.randint(6, 20)))
    aside = f"<div class='inset'>{cards(rng, 2)}</div>" if rng.random() < 0.5 else ""
    comments = "".join(
        f"<div class='comment'><b>{rng.choice(WORDS)}</b><p>{sentence(rng)} {sentence(rng)}</p></div>" for _ in range(12)
    )
    title = sentence(rng)
    return (
        f"<html lang=en><head><title>{title} | Site</title>{script}<meta property='article:published_time' content='2024-05-06T10:00:00Z'></head>"
        f"<body><header><nav><ul>{menu}</ul></nav></header><div class='page'><div class='row'><main><article><h1>{title}</h1><time datetime='2024-05-06'>6 May 2024</time>"
        f"<div class='body'>{body}{aside}{body[: len(body) // 3]}</div></article><h3>Related articles</h3><div>{cards(rng, 12)}</div>"
        f"<div class='comments'><h3>Comments</h3>{comments}</div></main><aside><h3>Popular</h3>{cards(rng, 20)}</aside></div></div>{script}"
        f"<footer><p>{sentence(rng)}</p><ul>{menu}</ul></footer></body></html>"
    ).encode()


def pages_of(folder):
    files = sorted([*Path(folder).glob("*.html"), *Path(folder).glob("*.html.gz")])
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files]


def ours(mode, body):
    return extract_page(body, ADDRESS, "", NOW, mode)


def alone(body):
    return bare_extraction(body.decode("utf-8", "replace"), include_comments=False)


def alone_with_metadata(body):
    return bare_extraction(body.decode("utf-8", "replace"), url=ADDRESS, include_comments=False, with_metadata=True)


def cpu_seconds(function, pages):
    start = time.process_time()
    for body in pages:
        function(body)
    return time.process_time() - start


def pool_seconds(processes, mode, pages):
    """Wall time in the pool that the service has, each worker warm."""
    compute = ProcessCompute(processes)
    ask = partial(compute.run, ours, mode)
    try:
        with ThreadPoolExecutor(2 * processes) as threads:
            list(threads.map(ask, pages[: 6 * processes]))
            start = time.perf_counter()
            list(threads.map(ask, pages))
            return time.perf_counter() - start
    finally:
        compute.close()


def main(folder=""):
    rng = random.Random(1)
    pages = pages_of(folder) if folder else [page(rng) for _ in range(60)]
    runs = {
        "bare trafilatura": alone,
        "… with metadata": alone_with_metadata,
        "mode fast": partial(ours, "fast"),
        "mode best": partial(ours, "best"),
    }
    for function in runs.values():
        cpu_seconds(function, pages[:10])
    spent = {name: min(times) for name, times in _interleaved(runs, pages).items()}
    for name, seconds in spent.items():
        print(f"{name:<17} {len(pages) / seconds:6.1f} pages/s of CPU   ratio {spent['bare trafilatura'] / seconds:.2f}")
    for mode in ("fast", "best"):
        one, two = (min(pool_seconds(count, mode, pages) for _ in range(2)) for count in (1, 2))
        print(
            f"mode {mode} in the pool: {len(pages) / one:.1f} pages/s with one process, {len(pages) / two:.1f} with two: × {one / two:.2f}"
        )


def _interleaved(runs, pages):
    times = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, function in runs.items():
            times[name].append(cpu_seconds(function, pages))
    return times


if __name__ == "__main__":
    main(*sys.argv[1:2])
