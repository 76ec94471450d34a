"""Imports point downwards only, each outside library has one home, and the budgets hold.

Read from the syntax tree: late, relative and type-only imports count as well.
"""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "monitor"

# Each room, and the rooms it may import from (besides itself). Modules directly in monitor/ are rooms of their own.
STAGES = {"feeds", "articles", "rules", "stories", "digests", "delivery"}
BELOW_PIPELINE = {"model", "text", *STAGES, "store", "version"}
STEPS = {
    "parts",
    "returned_mail",
    "hook_reports",
    "patience",
    "article_page",
    "site_memory",
    "listed_source",
    "polling",
    "publishing",
    "aids",
    "archive",
    "search_index",
}
BELOW_SERVICE = {*BELOW_PIPELINE, *STEPS, "pipeline", "desk", "compute", "trials"}
WIRING = {*BELOW_SERVICE, "settings", "logs", "metrics", "bootstrap", "health"}
FLOORS: dict[str, set[str]] = {
    "model": set(),
    "text": {"model"},
    **{stage: {"model", "text", "version"} for stage in STAGES},
    "store": {"model"},
    "version": set(),
    "compute": {"model"},
    "parts": BELOW_PIPELINE,
    "patience": {"model"},
    "article_page": BELOW_PIPELINE | {"parts", "patience"},
    "listed_source": BELOW_PIPELINE | {"parts", "patience", "article_page"},
    "site_memory": BELOW_PIPELINE | {"parts", "patience", "article_page"},
    "polling": BELOW_PIPELINE | {"parts", "patience", "article_page", "site_memory", "listed_source"},
    "publishing": BELOW_PIPELINE | {"parts"},
    "aids": BELOW_PIPELINE | {"parts"},
    "returned_mail": BELOW_PIPELINE,
    "hook_reports": BELOW_PIPELINE | {"returned_mail"},
    "archive": BELOW_PIPELINE,
    "search_index": BELOW_PIPELINE,
    "trials": BELOW_PIPELINE | {"polling", "archive"},
    "pipeline": BELOW_PIPELINE | STEPS,
    "desk": BELOW_PIPELINE | STEPS | {"pipeline"},
    "setting_values": set(),
    "settings": {"model", "version", "setting_values"},
    "logs": {"model", "settings"},
    "metrics": {"model", "store", "pipeline", "version"},
    "health": {"model", "store", "pipeline", "version"},
    "bootstrap": BELOW_SERVICE | {"settings", "setting_values", "logs"},
    "scheduler": WIRING,
    "heart": {"model", "logs"},
    "worker": WIRING | {"heart"},
    "mailroom": WIRING | {"heart", "worker"},
    "return_ticks": WIRING,
    "web": WIRING,
    "service": WIRING | {"scheduler", "worker", "mailroom", "return_ticks", "web"},
    "demo": WIRING | {"worker"},
    "cli": WIRING | {"scheduler", "worker", "mailroom", "return_ticks", "web", "service", "demo"},
    "testing": BELOW_SERVICE | {"settings"},
    "__main__": {"cli"},
}

# One home per outside library: a module, or a package where the library is a framework.
HOMES = {
    "ahocorasick_rs": "monitor.rules.sieve",
    "aiosmtpd": "monitor.delivery.intake",
    "apscheduler": "monitor.scheduler",
    "apsw": "monitor.store.sqlite",
    "psycopg": "monitor.store.postgres",
    "babel": "monitor.text.locale",
    "click": "monitor.cli",
    "rich": "monitor.cli",
    "css_inline": "monitor.digests.render.inline",
    "cssselect": "monitor.text.selectors",
    "dns": "monitor.delivery.sender.dns_records",
    "dkim": "monitor.delivery.dkim_signing",
    "feedparser": "monitor.feeds.parse",
    "jinja2": "monitor.text.templates",
    "markupsafe": "monitor.text.templates",
    "lxml": "monitor.text.markup",
    "prometheus_client": "monitor.metrics",
    "publicsuffixlist": "monitor.text.urls",
    "courlan": "monitor.text.urls",
    "matplotlib": "monitor.digests.render.picture",
    "numpy": "monitor.text",
    "py3langid": "monitor.text.language",
    "pydantic": "monitor.settings",
    "dotenv": "monitor.settings",
    "ruamel": "monitor.text.located_yaml",
    "yaml": "monitor.text.yaml_events",
    "starlette": "monitor.web",
    "structlog": "monitor.logs",
    "trafilatura": "monitor.articles.extract",
    "htmldate": "monitor.articles.dates",
    "uvicorn": "monitor.web",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """Every dotted name that a module imports, wherever in the file."""
    package = dotted(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *(node.module.split(".") if node.module else [])])
            found.update(f"{origin}.{alias.name}" for alias in node.names)
    return found


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_imports_point_downwards(path):
    here = room(dotted(path))
    if not here:
        return
    assert here in FLOORS, f"{dotted(path)}: a new room needs a floor"
    reached = {room(name) for name in imports(path) if name.startswith("monitor.")}
    above = reached - FLOORS[here] - {here}
    assert not above, f"{dotted(path)} imports {sorted(above)}; {here} may import {sorted(FLOORS[here])}"


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_each_library_has_one_home(path):
    module = dotted(path)
    if module.startswith("monitor.model"):
        allowed = sys.stdlib_module_names | {"monitor"}
        strangers = {name.split(".")[0] for name in imports(path)} - allowed
        assert not strangers, f"model is standard library only: {strangers}"
    for name in imports(path):
        library = name.split(".")[0]
        if library in sys.stdlib_module_names or library == "monitor":
            continue
        assert library in HOMES, f"{module}: give {library} a home in tests/test_floors.py"
        home = HOMES[library]
        assert module == home or module.startswith(home + "."), f"{module} imports {library}, whose home is {home}"


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_budgets(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400, f"{path}: more than 400 lines; give a part its own room"
    assert path.name != "utils.py"
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = [child for child in node.body if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant))]
            first = body[0].lineno if body else node.lineno
            length = (node.end_lineno or first) - first + 1
            assert length <= 40, f"{path}:{node.lineno} {node.name}: {length} lines"
    if path.name == "__init__.py":
        defined = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        assert not defined, f"{path} defines {defined[0].name}: nothing is defined in an __init__.py"


def test_no_import_cycle():
    graph = {dotted(path): {name for name in imports(path) if name.startswith("monitor.")} for path in modules()}
    edges = {
        module: {target for name in names if (target := known(name, graph)) and target != module}
        for module, names in graph.items()
    }
    done: set[str] = set()
    for start in edges:
        walk(start, edges, [], done)


def known(name: str, graph: dict) -> str | None:
    """The module that an imported name lives in."""
    while name not in graph:
        if "." not in name:
            return None
        name = name.rsplit(".", 1)[0]
    return name


def walk(module: str, edges: dict, path: list, done: set) -> None:
    assert module not in path, f"import cycle: {' → '.join([*path[path.index(module) :], module])}"
    if module in done:
        return
    for target in edges[module]:
        walk(target, edges, [*path, module], done)
    done.add(module)
