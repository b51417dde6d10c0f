"""What the steps of the wizard share: the real parts, and what one browser window has open.

A window holds three things: which project is open, the revision of it that is shown, and which step
is visible. The database holds the rest.
"""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nocode_classifier.errors import NotReady
from nocode_classifier.jobs import JobRunner
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.ui.active_shares import ActiveShares, ShareLink
from nocode_classifier.ui.debounce import Debounce

if TYPE_CHECKING:
    import gradio as gr

    from nocode_classifier.collect.search import Finder
    from nocode_classifier.predict.predictor import Predictor

PROJECTS, NAME, COLLECT, REVIEW, TRAIN, CHECK, TRY, SHARE = range(1, 9)
"""Numbers of the steps, as `?step=` in the address and as `id` of their `gr.Step`."""


class Predictors:
    """Loaded models by their folder, the last few of them, for every window together."""

    def __init__(self, keep: int = 3) -> None:
        self._keep = keep
        self._loaded: OrderedDict[tuple[Path, float], Predictor] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, folder: Path) -> Predictor:
        """The predictor of a model folder, loaded on first use.

        Raises:
            ModelError: the folder holds no model that can be used.
        """
        from nocode_classifier.predict.predictor import Predictor

        with self._lock:
            key = folder, _edited(folder / "card.json")
            predictor = self._loaded.pop(key, None) or Predictor(folder)
            self._loaded[key] = predictor
            while len(self._loaded) > self._keep:
                self._loaded.popitem(last=False)
            return predictor


def _edited(card: Path) -> float:
    """When a model's card was last written: hints and caution may change, nothing else does."""
    try:
        return card.stat().st_mtime
    except OSError:
        return 0.0


@dataclass(frozen=True, slots=True)
class Services:
    """The real parts the wizard works with; handlers take this first.

    Attributes:
        new_link: by the way it goes, "public" or "local", what makes a link that lets others ask a
            classifier, over the internet or in one's own network. Only the model is served, in a
            process of its own.
        draw_qr: an address as a QR code, an SVG.
        active_shares: what is being shared.
        soon: calls what should happen once a person has paused.
    """

    library: Library
    jobs: JobRunner
    predictors: Predictors
    finder: Finder
    new_link: Mapping[str, Callable[[], ShareLink]] = field(default_factory=dict)
    draw_qr: Callable[[str], str] = lambda address: ""  # noqa: ARG005
    active_shares: ActiveShares = field(default_factory=ActiveShares)
    soon: Debounce = field(default_factory=Debounce)


@dataclass(frozen=True, slots=True)
class Shared:
    """The widgets through which the steps of one window hear of each other.

    Attributes:
        project_id: id of the open project, or None.
        revision: of the open project, as last shown. A handler that changed something puts
            `project.revision()` here; a change made in another window arrives within a second.
        work: by step, another one when that step is visible and there may be something new to see
            of running work, of what is shared, and at the first step of the projects. A handler
            that began or ended something puts `new_mark()` here, and the step is drawn.
        step: number of the visible step; 0 until the page has loaded.
        walkthrough: put `gr.Walkthrough(selected=TRAIN)` here to go to another step.
        page: the whole page, for what has to happen when it loads.
        look_at: by step, what it opens with when it is shown next: the class that photos are added
            to, or the view of a grid; None for the one it had.
    """

    project_id: gr.State
    revision: gr.State
    work: Mapping[int, gr.State]
    step: gr.State
    walkthrough: gr.Walkthrough
    page: gr.Blocks
    look_at: Mapping[int, gr.State]


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


def new_mark() -> str:
    """A text that is another one every time."""
    return uuid.uuid4().hex


def open_project(services: Services, project_id: str | None) -> Project:
    """The project that is open in a window.

    Raises:
        NotReady: none is.
        NotFound: it was deleted meanwhile.
    """
    if project_id is None:
        raise NotReady("Open a project first, or make a new one.")
    return services.library.open(project_id)
