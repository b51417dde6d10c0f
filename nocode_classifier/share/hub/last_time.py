"""Where a project was published last: what to offer when it is published again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from nocode_classifier.placing import write_whole
from nocode_classifier.project.project import Project
from nocode_classifier.share.hub.publishing import Published

RECORD = "published.json"
"""In the folder of the project. A copy or an export of the project does not have it: it would
write over the page of the original."""


@dataclass(frozen=True, slots=True)
class LastTime:
    """What was published last.

    Attributes:
        space: full name, "owner/name".
        url: the page at Hugging Face.
        address: of the classifier alone; None if it is not known.
        visibility, kind: the keys of what was chosen.
        with_photos: whether the photos are there too.
        of: a mark of what was published, chosen by who remembers it.
        at: when, in ISO format.
    """

    space: str
    url: str
    address: str | None
    visibility: str
    kind: str
    with_photos: bool
    of: str
    at: str


def remember(project: Project, published: Published, *, with_photos: bool, of: str) -> None:
    """Note what was published."""
    last = LastTime(
        published.space,
        published.url,
        published.address,
        published.visibility.value,
        published.kind.key,
        with_photos,
        of,
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    write_whole(project.folder / RECORD, json.dumps(asdict(last)).encode())


def last_time(project: Project) -> LastTime | None:
    """What was published last; None if nothing was, as far as this computer knows."""
    try:
        return LastTime(**json.loads((project.folder / RECORD).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
