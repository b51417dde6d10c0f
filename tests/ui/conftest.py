"""The real parts for handlers that are called directly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Has to be set before the first import of Gradio, as in `main.keep_to_itself`.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from nocode_classifier.jobs import JobRunner
from nocode_classifier.project.library import Library
from nocode_classifier.ui.state import Predictors, Services


@pytest.fixture
def services(temporary_home: Path) -> Services:
    return Services(Library(temporary_home), JobRunner(), Predictors())
