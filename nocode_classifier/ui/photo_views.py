"""The views of a project's photos: all, the bin, one class, and those that are worth a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Photo, PhotoState
from nocode_classifier.ui.kit.photo_grid.values import FurtherView, Note

ALL, BIN, CHOSEN = "all", "bin", "chosen"

PAGE_SIZE = 120

FurtherViews = Mapping[str, FurtherView]
"""By the name of the view, in the order of their chips."""

NotedPhotos = Sequence[tuple[Photo, Note]]


@dataclass(frozen=True, slots=True)
class View:
    """What one window looks at.

    Attributes:
        project_id: the view is forgotten when another project is opened.
        shown: "all", "bin", "chosen", the number of a class, or the name of a further view.
        page: from 0.
        chosen: ids of the photos of the view "chosen".
    """

    project_id: str | None = None
    shown: str | int = ALL
    page: int = 0
    chosen: tuple[int, ...] = ()

    @property
    def class_id(self) -> int | None:
        """The class that is shown, or None."""
        return self.shown if isinstance(self.shown, int) else None

    @property
    def state(self) -> PhotoState:
        """Which photos are meant."""
        return PhotoState.BINNED if self.shown == BIN else PhotoState.KEPT


def existing(project: Project, view: View, further: FurtherViews) -> View:
    """The same view, or that of all photos if there is no such view (any more)."""
    names = {ALL, BIN, CHOSEN, *further, *(label.id for label in project.classes())}
    return view if view.shown in names else View(project.id)


def contents(project: Project, view: View, further: FurtherViews) -> tuple[View, NotedPhotos, int]:
    """The view on a page that there is, the photos of that page, and how many there are in all."""
    listed = listed_photos(project, view, further)
    if listed is None:
        counts = project.counts(view.state)
        total = sum(counts.values()) if view.class_id is None else counts[view.class_id]
    else:
        total = len(listed)
    view = replace(view, page=min(max(view.page, 0), pages_of(total) - 1))
    first = view.page * PAGE_SIZE
    if listed is not None:
        return view, listed[first : first + PAGE_SIZE], total
    photos = project.photos(view.class_id, view.state, first, PAGE_SIZE)
    return view, [(photo, Note()) for photo in photos], total


def ids_in(project: Project, view: View, further: FurtherViews) -> list[int]:
    """Ids of all photos of a view, in its order."""
    listed = listed_photos(project, view, further)
    if listed is not None:
        return [photo.id for photo, _ in listed]
    return [photo.id for photo in project.photos(view.class_id, view.state)]


def listed_photos(project: Project, view: View, further: FurtherViews) -> NotedPhotos | None:
    """All photos of a view that is a list; None where the database gives them page by page."""
    if view.shown == CHOSEN:
        chosen = frozenset(view.chosen)
        return [(photo, Note()) for photo in project.photos() if photo.id in chosen]
    listed = further.get(str(view.shown))
    return None if listed is None else listed.unsettled


def pages_of(total: int) -> int:
    """How many pages so many photos take; an empty view has one too."""
    return max(1, -(-total // PAGE_SIZE))
