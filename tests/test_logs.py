"""Logs: one event a line, whoever speaks, and no mail address as it is."""

import json
import subprocess
import sys

from monitor.logs import masked

SPEAK = """
import logging, sys
from monitor.logs import configure_logs, log, warn
configure_logs(sys.argv[1])
log("feed_polled", feed="north", reason="2 entries read, «шэсць»")
warn("edition_failed", digest="weekly", error="a\\nb")
logging.getLogger("library").warning("odd %s", "thing")
logging.getLogger("library").info("not worth words")
logging.getLogger("apscheduler.scheduler").warning("skipped")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("library").exception("failed")
"""


def spoken(form):
    done = subprocess.run([sys.executable, "-c", SPEAK, form], capture_output=True, text=True, check=True)
    assert done.stdout == "", "standard output is for results"
    return done.stderr


def test_each_event_is_a_json_object_on_a_line_of_its_own():
    events = [json.loads(line) for line in spoken("json").splitlines()]
    assert [event["event"] for event in events] == ["feed_polled", "edition_failed", "library_said", "library_said"]
    assert [event["level"] for event in events] == ["info", "warning", "warning", "warning"]
    assert events[0]["reason"] == "2 entries read, «шэсць»"
    assert all(event["timestamp"].endswith("Z") for event in events)


def test_what_libraries_say_is_an_event_with_their_name_and_the_error():
    events = [json.loads(line) for line in spoken("auto").splitlines()]
    assert (events[2]["logger"], events[2]["message"]) == ("library", "odd thing")
    assert "ZeroDivisionError" in events[3]["exception"]


def test_people_read_text():
    text = spoken("console")
    assert "feed_polled" in text
    assert not text.startswith("{")


def test_an_address_is_recognised_and_not_told():
    assert masked("ann@example.org").startswith("a…@example.org#")
    assert "ann" not in masked("ann@example.org")
    assert masked("ann@example.org") == masked("ann@example.org") != masked("abe@example.org")
    assert masked("") == masked("")
