"""The settings of the workbench: what is wrong in them is told, and hashes are not."""

import pytest

from monitor.model.errors import WrongFiles
from monitor.settings import load_settings, shown_settings
from monitor.web.workbench.made import workbench_of
from monitor.web.workbench.passwords import hashed

LINE = "ann:" + hashed("correct horse battery", (16, 1, 1))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("ann", "entry 1 is no line"),
        ("ann:secret-hash", "entry 1 is no line"),
        (f"{LINE},bob:scrypt", "entry 2 is no line"),
        (LINE.replace("$", ""), "entry 1 is no line"),
        (f"{LINE},{LINE}", "a name stands twice"),
    ],
    ids=["a name", "no hash", "a second without one", "a broken hash", "twice"],  # the hash is another at each start
)
def test_what_is_no_line_of_an_editor_is_told_without_printing_it(value, told):
    with pytest.raises(WrongFiles) as error:
        load_settings({"MONITOR_WEB__EDITORS": value}, None)
    [problem] = error.value.problems
    assert told in problem.message
    assert value not in problem.message


def test_hashes_are_not_shown_among_the_settings():
    assert "scrypt" not in shown_settings(load_settings({"MONITOR_WEB__EDITORS": LINE}, None))["MONITOR_WEB__EDITORS"]


def test_a_proxy_that_is_not_trusted_names_nobody():
    with pytest.raises(WrongFiles) as error:
        load_settings({"MONITOR_WEB__PROXY_USER_HEADER": "X-Remote-User", "MONITOR_WEB__METRICS_TOKEN": "hidden"}, None)
    assert "MONITOR_WEB__TRUSTED_PROXIES" in str(error.value.problems[0])
    assert "hidden" not in str(error.value.problems[0])


def test_the_rules_that_ship_with_the_program_are_tried_and_not_saved(tmp_path):
    bench = workbench_of(load_settings({"MONITOR_HOME": str(tmp_path), "MONITOR_WEB__EDITORS": LINE}, None), b"secret")
    assert bench.rules.files()
    assert not bench.may_save


def test_nobody_may_edit_where_nobody_is_named(tmp_path):
    assert workbench_of(load_settings({"MONITOR_HOME": str(tmp_path)}, None), b"secret") is None
