"""The documentation is held to the code: each command, setting and metric is documented, README's commands exist and run.

The reference pages are written by this test: `UPDATE_GOLDEN=1 pytest tests/test_docs.py` (or `make golden`).
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from monitor.cli.main import VERBS, monitor
from monitor.metrics import Metrics, metric_names
from monitor.rules.catalogue import findings_page
from monitor.settings import Settings, setting_names, shown_settings
from monitor.store.open import open_store

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
KINDS = {"how-to", "why", "reference"}
BRACKETED = re.compile(r"(?m)^```sh\n(.*?)^```", re.DOTALL)


def commands(group, path=()):
    """Every command with its words, depth first."""
    context = click.Context(group, info_name="monitor")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def command_page():
    lines = [
        "# Commands",
        "",
        "Every verb of `monitor`. Exit codes: 0 fine, 1 findings, 2 wrong use or wrong files, 3 the world failed.",
        "",
    ]
    for words, command in commands(monitor):
        context = click.Context(command, info_name=" ".join(("monitor", *words)))
        usage = " ".join(command.collect_usage_pieces(context))
        lines += [f"## `monitor {' '.join(words)}`", "", (command.help or "").strip(), ""]
        if isinstance(command, click.Group):
            continue
        lines += ["```text", f"monitor {' '.join(words)} {usage}", "```", ""]
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        if options:
            lines += ["| option | |", "|---|---|"]
            lines += [f"| `{', '.join(option.opts)}` | {option.help} |" for option in options] + [""]
    return "\n".join(lines).rstrip() + "\n"


def settings_page():
    shown = shown_settings(Settings())
    lines = [
        "# Settings",
        "",
        "From the environment, or from a file `.env` in the working directory (the environment wins). Every name may end in `_FILE` "
        "and then names a file that holds the value. An unknown name stops the program and is told, with the nearest known one.",
        "",
        "| name | default | |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{name}` | {'`' + shown[name] + '`' if shown[name] else ''} | {text} |" for name, text in setting_names().items()
    ]
    return "\n".join(lines) + "\n"


def metrics_page():
    metrics = Metrics()
    store = open_store("sqlite://")
    store.upgrade()
    metrics.watch(store)
    lines = [
        "# Metrics",
        "",
        "At `/metrics`, in Prometheus form. No address, URL or feed id is a label.",
        "",
        "| name | |",
        "|---|---|",
    ]
    lines += [f"| `{name}` | {text} |" for name, text in sorted(metric_names(metrics).items())]
    store.close()
    return "\n".join(lines) + "\n"


PAGES = [("commands", command_page), ("settings", settings_page), ("metrics", metrics_page), ("findings", findings_page)]


@pytest.mark.parametrize(("name", "page"), PAGES)
def test_reference_page_says_what_the_code_does(name, page):
    file, text = REFERENCE / f"{name}.md", page()
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, f"docs/reference/{name}.md is old: make golden"


def test_every_command_and_option_has_help():
    for words, command in commands(monitor):
        assert command.help, f"monitor {' '.join(words)} has no help"
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"monitor {' '.join(words)} {parameter.opts} has no help"


def test_the_table_of_verbs_is_what_the_verbs_say():
    context = click.Context(monitor, info_name="monitor")
    for name in VERBS:
        assert monitor.get_command(context, name) is not None


def test_every_setting_has_a_description():
    assert [name for name, text in setting_names().items() if not text] == []


def pages():
    return [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
        ROOT / "CHANGELOG.md",
        *sorted((ROOT / "docs").rglob("*.md")),
        *(ROOT / folder / "README.md" for folder in ("seeds", "rules", "digests")),
    ]


@pytest.mark.parametrize("page", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"


@pytest.mark.parametrize("page", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_in_pages_exist_with_their_options(page):
    known = dict(commands(monitor))
    for line in "\n".join(BRACKETED.findall(page.read_text(encoding="utf-8"))).splitlines():
        for part in re.split(r"\s[|;]\s|&&", line.partition("  #")[0]):
            words = shlex.split(part.split("<")[0], comments=True)
            words = words[next((i for i, word in enumerate(words) if "=" not in word), 0) :]
            if not words or words[0] not in {"monitor", ".venv/bin/monitor"}:
                continue
            check_words(words[1:], known, page.name)


def check_words(words, known, where):
    depth = next((n for n in (3, 2, 1) if tuple(words[:n]) in known), 0)
    assert depth or not words or words[0].startswith("-"), f"{where}: no command monitor {' '.join(words)}"
    if not depth:
        return
    options = {option for parameter in known[tuple(words[:depth])].params for option in parameter.opts} | {"--help", "-h"}
    for word in words[depth:]:
        if word.startswith("-") and word != "-":
            assert word.split("=")[0] in options, f"{where}: monitor {' '.join(words[:depth])} has no option {word}"


def test_settings_named_in_pages_exist():
    known = set(setting_names())
    for page in pages():
        for name in re.findall(r"\bMONITOR_[A-Z0-9_]+\b", page.read_text(encoding="utf-8")):
            plain = name.removesuffix("_FILE")
            assert {plain, name} & known or name.startswith("MONITOR_TEST_") or name.endswith("_"), (
                f"{page.name} names {name}, which is no setting"
            )


def test_docs_lie_in_their_kinds():
    strange = [
        path
        for path in (ROOT / "docs").rglob("*.md")
        if path.parent != ROOT / "docs" and path.relative_to(ROOT / "docs").parts[0] not in KINDS
    ]
    assert strange == []
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "docs").rglob("*.md"):
        assert str(path.relative_to(ROOT / "docs")) in index or path.name == "README.md", (
            f"docs/README.md does not list {path.name}"
        )


def test_python_m_monitor_is_the_command():
    done = subprocess.run([sys.executable, "-m", "monitor", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("monitor, version")


def test_version_stands_in_the_changelog():
    from monitor.version import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
