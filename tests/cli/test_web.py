"""`monitor web password`: the line of an editor that the settings take."""

import pytest

from monitor.settings import load_settings
from monitor.web.workbench.passwords import fits, read_editors


def test_the_line_is_what_the_setting_wants_and_fits_the_password(tmp_path, monitor_here):
    line = monitor_here(tmp_path)("web", "password", "ann", stdin="correct horse battery\n").stdout.strip()
    read = load_settings({"MONITOR_WEB__EDITORS": line}, None)
    assert fits("correct horse battery", read_editors(read.web.editors.get_secret_value())["ann"])


@pytest.mark.parametrize(
    ("name", "password", "told"), [("ann", "short", "12 letters"), ("a:b", "correct horse battery", "cannot be a name")]
)
def test_a_short_password_and_an_odd_name_are_refused(tmp_path, monitor_here, name, password, told):
    assert told in monitor_here(tmp_path)("web", "password", name, stdin=f"{password}\n", expect=2).stderr
