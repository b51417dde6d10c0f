"""What the steps of the wizard share: the real parts, and what one browser window has open.

A window holds three things: which project is open, the revision of it that is shown, and which step
is visible. The database holds the rest.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nocode_classifier.errors import NotReady
from nocode_classifier.jobs import JobRunner
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project

if TYPE_CHECKING:
    import gradio as gr

    from nocode_classifier.collect.hunt import Finder
    from nocode_classifier.predict.predictor import Predictor

PROJECTS, NAME, COLLECT, REVIEW, TRAIN, CHECK, TRY, SHARE = range(1, 9)
"""Numbers of the steps, as `?step=` in the address and as `id` of their `gr.Step`."""


class Predictors:
    """Loaded models by their folder, the last few of them, for every window together."""

    def __init__(self, keep: int = 3) -> None:
        self._keep = keep
        self._loaded: OrderedDict[Path, Predictor] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, folder: Path) -> Predictor:
        """The predictor of a model folder, loaded on first use.

        Raises:
            ModelError: the folder holds no model that can be used.
        """
        from nocode_classifier.predict.predictor import Predictor

        with self._lock:
            predictor = self._loaded.pop(folder, None) or Predictor(folder)
            self._loaded[folder] = predictor
            while len(self._loaded) > self._keep:
                self._loaded.popitem(last=False)
            return predictor


@dataclass(frozen=True, slots=True)
class Services:
    """The real parts the wizard works with; handlers take this first."""

    library: Library
    jobs: JobRunner
    predictors: Predictors
    finder: Finder


@dataclass(frozen=True, slots=True)
class Shared:
    """The widgets through which the steps of one window hear of each other.

    Attributes:
        project_id: id of the open project, or None.
        revision: of the open project, as last shown. A handler that changed something puts
            `project.revision()` here; a change made in another window arrives within a second.
        step: number of the visible step; 0 until the page has loaded.
        walkthrough: put `gr.Walkthrough(selected=TRAIN)` here to go to another step.
        page: the whole page, for what has to happen when it loads.
    """

    project_id: gr.State
    revision: gr.State
    step: gr.State
    walkthrough: gr.Walkthrough
    page: gr.Blocks


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the wizard."""

    id: int
    label: str


class StepModule(Protocol):
    """What a file in `ui/steps` offers to `ui/app.py`."""

    STEP: Step

    @property
    def build(self) -> Callable[[Services, Shared], None]:
        """Lays out the widgets of the step and binds their events."""


def open_project(services: Services, project_id: str | None) -> Project:
    """The project that is open in a window.

    Raises:
        NotReady: none is.
        NotFound: it was deleted meanwhile.
    """
    if project_id is None:
        raise NotReady("Open a project first, or make a new one.")
    return services.library.open(project_id)
