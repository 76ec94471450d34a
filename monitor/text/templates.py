"""Jinja templates for editions, mail and web: sandboxed, escaped by default, and an unknown variable is an error.

The one home of Jinja2 and MarkupSafe. Templates may come from people's folders, so what goes wrong in one is told with file
and line; it decides nothing about what a template says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from traceback import extract_tb

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.loaders import split_template_path
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from monitor.model.errors import WrongFiles
from monitor.model.problem import Place, Problem

PLAIN = (".txt", ".md", ".css")
"""Endings of templates that are not escaped; everything else is, HTML and XML alike."""


class _Folders(BaseLoader):
    """Looks a template up in each folder in turn: the first one that has it wins."""

    def __init__(self, folders: Sequence[Path | Traversable]) -> None:
        self.folders = tuple(folders)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The text, its file, and whether it is still what was read (a template edited while the service runs counts at once)."""
        del environment
        parts = split_template_path(template)
        found = next((file for folder in self.folders if (file := folder.joinpath(*parts)).is_file()), None)
        if found is None:
            raise TemplateNotFound(template)
        source = found.read_text(encoding="utf-8")
        return source, str(found), lambda: found.is_file() and found.read_text(encoding="utf-8") == source

    def list_templates(self) -> list[str]:
        """Names of the templates directly in the folders."""
        return sorted({entry.name for folder in self.folders if folder.is_dir() for entry in folder.iterdir() if entry.is_file()})


class Templates:
    """A set of templates over one or more folders; `render` fills one.

    In a template: values are escaped unless its name ends in .txt, .md or .css; attributes that begin with an underscore and
    changes to lists and mappings are refused (Jinja's immutable sandbox); an unknown name stops the rendering.
    """

    def __init__(
        self,
        folders: Sequence[Path | Traversable],
        *,
        filters: Mapping[str, Callable[..., object]] | None = None,
        steady: bool = False,
        clean: Callable[[str], str] | None = None,
    ) -> None:
        self._environment = ImmutableSandboxedEnvironment(
            loader=_Folders(folders),
            autoescape=lambda name: name is None or not name.endswith(PLAIN),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=not steady,
            finalize=_cleaning(clean) if clean else None,
        )
        self._environment.filters.update(filters or {})

    def render(self, name: str, **context: object) -> str:
        """Fill the template `name`.

        Raises:
            WrongFiles: It is missing, cannot be read as a template, asks for what is not there, or reaches out of the sandbox.
                The problem holds file and line. Final: the file must be mended.
        """
        try:
            return self._environment.get_template(name).render(context)
        except TemplateError as error:
            raise WrongFiles((self._problem(name, error),)) from error
        except (ArithmeticError, TypeError, ValueError, LookupError) as error:
            frame = extract_tb(error.__traceback__)[-1]
            if isinstance(error, OverflowError) or not frame.filename.endswith(".py"):
                raise WrongFiles((Problem(_place_of(error, name), "T005", f"{type(error).__name__}: {error}"),)) from error
            raise

    def check(self) -> tuple[Problem, ...]:
        """Every template in the folders that cannot be read as one, with its place; empty when all can."""
        problems = []
        for name in self._environment.list_templates():
            try:
                self._environment.get_template(name)
            except TemplateError as error:
                problems.append(self._problem(name, error))
        return tuple(problems)

    def _problem(self, name: str, error: TemplateError) -> Problem:
        if isinstance(error, TemplateSyntaxError):
            return Problem(
                Place(error.filename or error.name or name, error.lineno, 1), "T001", f"not a template: {error.message}"
            )
        if isinstance(error, TemplateNotFound):
            return Problem(Place(str(error.name or name)), "T002", "no such template")
        place = _place_of(error, name)
        if isinstance(error, UndefinedError):
            return Problem(
                place, "T003", f"unknown in this template: {error.message}", "use a name that the shipped template uses"
            )
        if isinstance(error, SecurityError):
            return Problem(place, "T004", f"not allowed in a template: {error.message}")
        return Problem(place, "T005", error.message or type(error).__name__)


def _place_of(error: Exception, name: str) -> Place:
    """The innermost template line on the error's way up; Jinja rewrites its traceback to template files and lines."""
    for frame in reversed(extract_tb(error.__traceback__)):
        if not frame.filename.endswith(".py") and frame.lineno:
            return Place(frame.filename, frame.lineno, 1)
    return Place(name)


def _cleaning(clean: Callable[[str], str]) -> Callable[[object], object]:
    def cleaned(value: object) -> object:
        if isinstance(value, Markup):
            return Markup(clean(value))  # noqa: S704 — it was markup before, and cleaning only takes away
        return clean(value) if isinstance(value, str) else value

    return cleaned


def environment(
    folders: Sequence[Path | Traversable],
    *,
    filters: Mapping[str, Callable[..., object]] | None = None,
    steady: bool = False,
    clean: Callable[[str], str] | None = None,
) -> Templates:
    """Templates over `folders`, earlier ones overriding later ones; `filters` are functions that templates may call by name.

    `steady` ones are read once, and not looked at again at each use: those that come with the program.
    Whatever text a template prints goes through `clean`, where one is given, before it is escaped.
    """
    return Templates(folders, filters=filters, steady=steady, clean=clean)
