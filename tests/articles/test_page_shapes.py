"""Whole pages in the shapes of real sites: `monitor extract` gives the article and nothing else. The shapes and their furniture are ours.

In each stands a neutral text of ours; and, where they are beside this checkout, the articles of the five reader documents.
"""

import html
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli.main import monitor

SHAPES = sorted((Path(__file__).parents[1] / "golden/pages").glob("*.html"))
SEEDS = Path(__file__).parents[2] / "../shared/seeds"
FLOORS = json.loads((Path(__file__).parents[1] / "quality_floors.json").read_text(encoding="utf-8"))["extraction"]
# Of each document: its title and its own paragraphs, by line (empty lines out); see test_seeds.py.
OWN = {
    "000": (1, [3, *range(6, 17)]),
    "001": (0, range(2, 11)),
    "002": (3, range(6, 11)),
    "003": (0, range(3, 8)),
    "004": (7, range(8, 12)),
}
ENGLISH = (
    "Two harbours will share their ice breakers",
    [
        "The two harbour towns agreed on Tuesday to share their ice breakers next winter, the mayor of the northern one said.",
        "A joint crew will be trained from October; each town pays for its own fuel, and the insurers have accepted the plan.",
        "“We waited too long,” he said.",
        "Fishermen on both shores welcomed the news, since ice kept their boats in port for six weeks during the last season.",
        "The councils vote on the agreement in May, and nobody in either town expects that it could still fail there.",
    ],
)
RUSSIAN = (
    "Два порта поделят ледоколы на зиму",
    [
        "Два портовых города договорились во вторник вместе пользоваться ледоколами будущей зимой, сообщил мэр северного из них.",
        "Общую команду начнут готовить в октябре; топливо каждый город оплачивает сам, страховщики с планом согласились.",
        "«Мы слишком долго ждали», — сказал он.",
        "Рыбаки на обоих берегах рады: в прошлом году лёд запер их лодки в гавани на шесть недель подряд.",
        "Советы проголосуют за договор в мае, и никто в обоих городах не ждёт, что он может сорваться.",
    ],
)
BELARUSIAN = (
    "Два порты падзеляць ледаколы на зіму",
    [
        "Два партовыя гарады дамовіліся ў аўторак разам карыстацца ледаколамі наступнай зімой, паведаміў мэр паўночнага з іх.",
        "Агульную каманду пачнуць рыхтаваць у кастрычніку; паліва кожны горад аплачвае сам, страхоўшчыкі з планам згодныя.",
        "«Мы занадта доўга чакалі», — сказаў ён.",
        "Рыбакі на абодвух берагах радыя: летась лёд зачыніў іх лодкі ў гавані на шэсць тыдняў запар.",
        "Саветы прагаласуюць за дамову ў траўні, і ніхто ў абодвух гарадах не чакае, што яна можа сарвацца.",
    ],
)


def filled(shape, title, paragraphs):
    def put(match):
        first, last, before, after = match.groups()
        chosen = paragraphs[int(first) : int(last) if last else None]
        return "\n".join(f"{before}{html.escape(line)}{after}" for line in chosen)

    page = shape.read_text(encoding="utf-8").replace("[[title]]", html.escape(title))
    return re.sub(r"\[\[paragraphs (\d+):(\d*) (.*?)\|(.*?)\]\]", put, page)


def extracted(tmp_path, page, mode="best"):
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    result = CliRunner().invoke(
        monitor,
        ["extract", str(path), "--url", "https://example.org/a/b", "--json"],
        env={"MONITOR_HOME": str(tmp_path), "MONITOR_NOW": "2026-11-21T12:00:00Z", "MONITOR_EXTRACTION": mode},
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("mode", ["fast", "best"])
@pytest.mark.parametrize(("title", "paragraphs"), [ENGLISH, RUSSIAN, BELARUSIAN], ids=["en", "ru", "be"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda path: path.stem)
def test_page_yields_its_article_and_nothing_else(shape, title, paragraphs, mode, tmp_path):
    found = extracted(tmp_path, filled(shape, title, paragraphs), mode)
    assert found["title"] == title
    assert found["text"].split("\n") == paragraphs
    assert found["reason"] == ""


@pytest.mark.parametrize("shape", SHAPES, ids=lambda path: path.stem)
def test_day_is_the_articles_and_never_that_of_the_pages_clock(shape, tmp_path):
    assert extracted(tmp_path, filled(shape, *RUSSIAN))["published"].startswith(("2019-03-07", "2019-03-10"))


@pytest.mark.skipif(not SEEDS.exists(), reason="the reader documents are not beside this checkout")
@pytest.mark.parametrize("number", sorted(OWN))
@pytest.mark.parametrize("shape", SHAPES, ids=lambda path: path.stem)
def test_reader_document_in_a_page_yields_its_article_and_nothing_else(shape, number, tmp_path):
    (path,) = SEEDS.glob(f"{number}_*.txt")
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    title_at, places = OWN[number]
    own = [lines[place] for place in places]
    found = extracted(tmp_path, filled(shape, lines[title_at], own))
    got = found["text"].split("\n")
    foreign = [line for line in got if line not in own]
    assert found["title"] == lines[title_at]
    assert sum(line in got for line in own) / len(own) >= FLOORS["own_paragraphs_kept"], [line for line in own if line not in got]
    assert len(foreign) / len(got) <= FLOORS["foreign_paragraphs_let_in_at_most"], foreign
