"""The short chaos run, and that its reading of the history notices what it is there to notice."""

import importlib.util
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("chaos_run", Path(__file__).with_name("run.py"))
chaos = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = chaos
sys.path.insert(0, str(Path(__file__).parent))
sys.modules["run"] = chaos  # as the script beside it knows it
spec.loader.exec_module(chaos)
spec = importlib.util.spec_from_file_location("chaos_sigterm", Path(__file__).with_name("sigterm.py"))
sigterm = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = sigterm
spec.loader.exec_module(sigterm)
del sys.modules["run"]


@pytest.mark.slow
def test_everybody_gets_the_edition_once_but_for_what_the_relay_left_unsaid(capsys):
    report = chaos.play(500, 10, seed=7)
    assert report.broken == []
    assert report.kills == 10
    assert report.sent + report.failed + report.suppressed == 500
    assert report.sent > 450
    with capsys.disabled():
        print(f"\n{report}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (lambda relay: relay.accepted.pop(), "got nothing"),
        (lambda relay: relay.accepted.append(replace(relay.accepted[0], digest="another")), "copies that differ"),
        (lambda relay: relay.accepted.extend([relay.accepted[0]] * 200), "occasions for one"),
    ],
    ids=["a mail that never came", "a copy with other bytes", "doubles without an occasion"],
)
def test_a_history_that_cannot_be_is_noticed(tmp_path, tamper, says):
    made = chaos.Chaos(tmp_path, 30, 0, seed=1, manners=chaos.Manners())
    try:
        judge = made._judge
        made._judge = lambda: (tamper(made.relay), judge())
        report = made.play()
    finally:
        made.close()
    assert any(says in words for words in report.broken), report.broken


@pytest.mark.slow
def test_a_service_that_is_told_to_end_loses_nothing_and_sends_nothing_twice():
    report = sigterm.play(5, seed=3)
    assert (report.lost, report.doubled, dict(+report.codes)) == (0, 0, {0: 5})
    assert report.longest_s < 10
    assert report.left_claimed == 0


def test_the_relay_restarts_at_its_port_and_goes_on_remembering():
    relay = chaos.BadRelay()
    try:
        port = relay.port
        relay.restart()
        assert relay.port == port
        began = time.monotonic()
        assert not relay.wait_for(1, 0.01)
        assert time.monotonic() - began < 5
    finally:
        relay.close()
