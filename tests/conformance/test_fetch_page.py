"""docs/reference/fetch-conformance.md is made of the rules, the code's own values and the tests that stand for each rule."""

import ast
import os
import re
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from monitor.articles.identity import MAX_REVISIONS
from monitor.feeds import robots, schedule
from monitor.feeds.decoding import CODINGS
from monitor.feeds.fields import MAX_ENTRIES
from monitor.feeds.health import EMPTY_ALARM, MOVED_SEEN, MOVED_SPAN
from monitor.feeds.sitemap import MAX_URLS
from monitor.model.feed import Feed
from monitor.model.fetch import Accept
from monitor.polling import BACKLOG_AGE
from monitor.settings import Settings
from monitor.text.urls import MAX_URL

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "fetch-conformance.md"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HEAD = """\
# Fetching, rule by rule

What a good reader of feeds does, gathered from the standards, from what publishers ask for and from the faults of other readers, and what
`monitor` does about each rule. Every line is held by the tests named, which poll a scripted server under a clock of their own; they lie in
`tests/conformance/`. The values are the defaults; what can be set is in [settings](settings.md). [How feeds and pages are
fetched](fetch-behaviour.md) tells the same as a story.
"""


def values():
    """The defaults as the code has them."""
    policy = Settings().fetch_policy()
    return {
        "unconditional_days": schedule.UNCONDITIONAL_AFTER // DAY,
        "moved_seen": MOVED_SEEN,
        "moved_hours": MOVED_SPAN // HOUR,
        "max_redirects": policy.max_redirects,
        "gone_days": int(schedule.GONE_S // schedule.DAY_S),
        "retry_min_s": int(schedule.RETRY_AFTER_MIN_S),
        "retry_max_h": int(schedule.RETRY_AFTER_MAX_S // 3600),
        "backoff_h": int(schedule.BACKOFF_S // 3600),
        "backoff_max_h": int(schedule.DAY_S // 3600),
        "day_h": int(schedule.DAY_S // 3600),
        "interval_min": Feed("f", "http://one.example/", "F").interval // timedelta(minutes=1),
        "interval_floor_min": schedule.MIN_INTERVAL // timedelta(minutes=1),
        "jitter_percent": round(schedule.JITTER * 100),
        "host_delay_s": f"{policy.host_delay_s:g}",
        "pool_size": policy.pool_size,
        "connect_s": f"{policy.connect_timeout_s:g}",
        "idle_s": f"{policy.idle_timeout_s:g}",
        "total_s": f"{policy.total_timeout_s:g}",
        "feed_mib": policy.max_feed_bytes >> 20,
        "page_mib": policy.max_page_bytes >> 20,
        "codings": ", ".join(CODINGS),
        "accept": Accept.FEED.value,
        "ports": " and ".join(map(str, policy.ports)),
        "robots_h": robots.KEPT_FOR // HOUR,
        "robots_delay_s": f"{robots.LONGEST_DELAY_S:g}",
        "robots_kib": robots.LIMIT // 1024,
        "sitemap_urls": MAX_URLS,
        "max_entries": MAX_ENTRIES,
        "max_url": MAX_URL,
        "empty_alarm": EMPTY_ALARM,
        "max_revisions": MAX_REVISIONS,
        "backlog_days": BACKLOG_AGE // DAY,
    }


@pytest.fixture(scope="module")
def rules():
    """Section → rule → its words, values filled in."""
    sections = yaml.safe_load((HERE / "rules.yml").read_text(encoding="utf-8"))
    known = values()
    return {
        section: {name: {key: text.format(**known) for key, text in rule.items()} for name, rule in named.items()}
        for section, named in sections.items()
    }


@pytest.fixture(scope="module")
def tests():
    """Rule → the names of its tests; a name may carry several rules ("test_f35_f36_…")."""
    found = defaultdict(list)
    for file in sorted(HERE.glob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for number in re.findall(r"(?<=_)f(\d\d)(?=_)", node.name):
                    found[f"F{int(number)}"].append(node.name)
    return found


def page_of(rules, tests):
    lines = [HEAD]
    for section, named in rules.items():
        lines += [f"## {section}", "", "| | the rule | what monitor does | held by |", "|---|---|---|---|"]
        for name, rule in named.items():
            but = f"; **but** {rule['but']}" if "but" in rule else ""
            held = "<br>".join(f"`{test}`" for test in tests[name])
            lines.append(f"| {name} | {rule['rule']} | {rule['ours']}{but} | {held} |")
        lines.append("")
    met = [name for named in rules.values() for name, rule in named.items() if "but" not in rule]
    partly = [name for named in rules.values() for name, rule in named.items() if "but" in rule]
    lines.append(f"{len(met)} rules are met whole, {len(partly)} in part ({', '.join(partly)}).")
    return "\n".join(lines) + "\n"


def test_each_rule_from_f1_to_f60_is_there_once_and_has_a_test(rules, tests):
    names = [name for named in rules.values() for name in named]
    assert names == [f"F{number}" for number in range(1, 61)]
    assert {name for name in names if not tests[name]} == set()
    assert set(tests) <= set(names)


def test_the_page_says_what_rules_code_and_tests_say(rules, tests):
    text = page_of(rules, tests)
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, "docs/reference/fetch-conformance.md is old: make golden"
