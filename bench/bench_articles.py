"""What making an article of a page costs beside trafilatura alone, in the same run on made-up pages.

Ours reads title, dates, language and address as well, and cuts furniture; only the ratio means anything elsewhere.
Run: .venv/bin/python bench/bench_articles.py
"""

import random
import statistics
import time
from datetime import date

from trafilatura import bare_extraction

from monitor.articles.extract import extract_article

TODAY = date(2026, 3, 1)
WORDS = "harbour ship winter town council mayor ice crew fuel insurer talk autumn price shore boat engine captain north".split()  # noqa: SIM905 - a text


def sentence(rng):
    return " ".join(rng.choices(WORDS, k=rng.randint(9, 22))).capitalize() + "."


def page(rng):
    """A page of a news site: menus, an article of about 500 words, related links, a subscription box, a footer."""
    menu = "".join(f"<li><a href='/{n}'>{rng.choice(WORDS)}</a></li>" for n in range(60))
    body = "".join(f"<p>{sentence(rng)} {sentence(rng)}</p>" for _ in range(16))
    links = "".join(f"<li><a href='/x{n}'>{sentence(rng)}</a></li>" for n in range(12))
    title = sentence(rng)
    return (
        f"<html lang=en><head><title>{title} | Site</title><meta property='article:published_time' content='2024-05-06T10:00:00Z'></head>"
        f"<body><nav><ul>{menu}</ul></nav><main><h1>{title}</h1><p>6 May 2024, 10:00</p>{body}<h3>Related articles</h3><ul>{links}</ul></main>"
        f"<aside><h3>Popular</h3><ul>{links}</ul></aside><footer><p>{sentence(rng)}</p><ul>{menu}</ul></footer></body></html>"
    ).encode()


def seconds(function, pages):
    start = time.process_time()
    for body in pages:
        function(body)
    return time.process_time() - start


def main():
    rng = random.Random(1)
    pages = [page(rng) for _ in range(60)]

    def ours(body):
        return extract_article(body, url="https://example.org/a/1", today=TODAY)

    def alone(body):
        return bare_extraction(body.decode(), include_comments=False)

    seconds(ours, pages[:3]), seconds(alone, pages[:3])
    ratios = []
    for _ in range(3):
        mine, theirs = seconds(ours, pages), seconds(alone, pages)
        ratios.append(mine / theirs)
        print(f"extract_article {len(pages) / mine:6.1f} pages/s   trafilatura alone {len(pages) / theirs:6.1f} pages/s")
    print(f"ratio {statistics.median(ratios):.2f} (CPU time, median of 3)")


if __name__ == "__main__":
    main()
