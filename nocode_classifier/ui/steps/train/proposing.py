"""How photos should be varied while a network learns: what the app found out about them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from nocode_classifier import paths
from nocode_classifier.errors import NotReady
from nocode_classifier.learn.settings import Augmentation
from nocode_classifier.placing import write_whole
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.training import PROPOSE_KIND, missing
from nocode_classifier.ui.work import start_work

if TYPE_CHECKING:
    from nocode_classifier.learn.proposal import Proposal

RECORD = "variations.json"
"""In the folder of the project; it can be found out anew."""

NOT_YET = (
    "The app finds out what suits your photos when it trains. Mirroring is off then where left and "
    "right matter, as in hand signs or text."
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the app would choose.

    Attributes:
        sentence: why.
        found: the photos were asked; else it is the usual.
    """

    augmentation: Augmentation
    sentence: str
    found: bool


def proposed_for(project: Project) -> Proposed:
    """What was found out about the project's photos, or the usual."""
    try:
        kept = json.loads((project.folder / RECORD).read_bytes())
        return Proposed(Augmentation(**kept["augmentation"]), str(kept["sentence"]), found=True)
    except (OSError, KeyError, TypeError, ValueError):
        return Proposed(Augmentation(), NOT_YET, found=False)


def start_proposing(services: Services, project: Project) -> None:
    """Start to find out.

    Raises:
        NotReady: photos are missing.
        Busy: the project has a job that still runs.
    """
    if sentence := missing(project):
        raise NotReady(sentence)

    def work(report: Report, should_stop: ShouldStop) -> Proposal:
        from nocode_classifier.learn.project_proposal import propose_for_project

        found = propose_for_project(project, paths.cache(), report=report, should_stop=should_stop)
        kept = {"augmentation": asdict(found.augmentation), "sentence": found.sentence}
        write_whole(project.folder / RECORD, json.dumps(kept).encode())
        return found

    start_work(services, project, PROPOSE_KIND, work, sentence=_sentence)


def _sentence(found: Proposal) -> str:
    return found.sentence
