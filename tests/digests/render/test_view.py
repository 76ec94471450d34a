"""What the templates are given is what they use: the view is their contract, and holds nothing for nobody."""

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from monitor.digests.render import view

TEMPLATES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((Path(view.__file__).parent / "templates").iterdir()))
IN_CODE = {"week", "iso", "stance", "role", "day", "links", "words", "pictures"}
"""Fields that a digest's own templates may want although no shipped one does, and the two that stand as names of their own."""

VIEWS = [member for _, member in inspect.getmembers(view, inspect.isclass) if dataclasses.is_dataclass(member)]


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.__name__)
def test_every_field_of_a_view_is_used_by_a_template(kind):
    used = set(re.findall(r"\.(\w+)", TEMPLATES))
    assert {field.name for field in dataclasses.fields(kind)} - used - IN_CODE == set()


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.__name__)
def test_every_view_says_what_it_is(kind):
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")
