"""The real parts for handlers that are called directly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Has to be set before the first import of Gradio, as in `main.keep_to_itself`.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from nocode_classifier.main import build_services
from nocode_classifier.ui.state import Services


@pytest.fixture
def services(temporary_home: Path) -> Services:
    return build_services(temporary_home)
