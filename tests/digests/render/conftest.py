"""The sample edition, as fixtures: tests are imported each by itself, so the sample is handed to them."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def sample():
    """The module `sample.py` beside this file."""
    spec = importlib.util.spec_from_file_location("edition_sample", Path(__file__).with_name("sample.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def digest(sample):
    return sample.DIGEST


@pytest.fixture(scope="session")
def edition(sample):
    return sample.sample_edition()
