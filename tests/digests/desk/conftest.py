"""The sample edition of the renderers' tests as a draft."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.digests.desk.edits import apply_edits, edits_of
from monitor.digests.desk.read import read_draft
from monitor.digests.desk.write import write_draft
from monitor.model.desk import Draft

SAMPLE = Path(__file__).parent.parent / "render" / "sample.py"


class Desk:
    """One draft of one language, edited as a person would: `save` takes a changed text, `problems` what is wrong with one."""

    def __init__(self, composed):
        self.composed = composed
        self.draft = Draft(
            "frontier-weekly/2019-03-11", composed.digest, composed.key, composed.window, composed.due_at, composed.due_at,
            composed.due_at, edits={composed.language: (), "be": ()},
        )  # fmt: skip

    @property
    def edits(self):
        return self.draft.edits[self.composed.language]

    @property
    def printed(self):
        return write_draft(self.draft, self.composed)

    @property
    def edited(self):
        return apply_edits(self.composed, self.edits)

    def read(self, text):
        return read_draft(text, self.printed, self.composed, "draft.md")

    def problems(self, text):
        return [(problem.code, problem.place.line, problem.place.column) for problem in self.read(text)[1]]

    def save(self, text):
        reading, problems = self.read(text)
        assert problems == (), "\n".join(map(str, problems))
        edits = edits_of(self.composed, reading, self.edited.conflicts)
        self.draft = replace(self.draft, edits={**self.draft.edits, self.composed.language: edits})
        return self.edited.edition


@pytest.fixture(scope="session")
def sample():
    """The module `sample.py` of the renderers' tests."""
    spec = importlib.util.spec_from_file_location("desk_sample", SAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def make_desk():
    """Makes a `Desk` over a composed edition."""
    return Desk


@pytest.fixture
def desk(sample):
    return Desk(sample.sample_edition())
