"""All that there is to say of a model, gathered for its report and for the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nocode_classifier.check.advice import advise
from nocode_classifier.check.diagnosis import Advice
from nocode_classifier.check.examples import Picture
from nocode_classifier.check.findings import Findings, is_current, mislabelled, stored_findings
from nocode_classifier.check.model_check import ModelCheck, check_of, model_check
from nocode_classifier.check.model_words import method_of
from nocode_classifier.check.suspects import Suspect, Suspicion
from nocode_classifier.errors import AppError, NotReady
from nocode_classifier.learn.figures import figures_of
from nocode_classifier.predict.predictor import read_card
from nocode_classifier.project.credits.credits import Credit, credits
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import HeldOutAnswer, TrainingSet


@dataclass(frozen=True, slots=True)
class CheckedModel:
    """What is known of a model.

    Attributes:
        title: what the classifier is called.
        card: what is in its `card.json`.
        check: its answers to photos it had not seen.
        method: how these came about, in words that go on after "Measured by".
        findings: about the photos it learned from; None where they are not known.
        suspects: photos worth a second look that nobody has looked at yet.
        advice: what to do, what gains most first; None where nobody knows enough to give any.
        credits: of the photos it learned from, as far as they are known.
        picture: finds the small pictures of photos; None where there are none.
    """

    title: str
    card: Mapping[str, Any]
    check: ModelCheck
    method: str
    findings: Findings | None = None
    suspects: tuple[Suspect, ...] = ()
    advice: tuple[Advice, ...] | None = None
    credits: Sequence[Credit] = ()
    picture: Picture | None = None

    @property
    def advice_sentences(self) -> list[str]:
        """What to do, or that nothing needs doing."""
        if self.advice is None:
            return []
        return [advice.sentence for advice in self.advice] or ["Nothing needs doing."]


def checked_project(project: Project) -> CheckedModel:
    """What is known of the model in use; no photo is looked at.

    Raises:
        NotReady: there is no model yet.
    """
    with project.snapshot():
        check, folder, there = model_check(project), project.models.folder(), project.training_set()
        findings = stored_findings(project) if is_current(project) else None
        run = next((run for run in project.models.runs() if run.current), None)
        named, title = credits(project), project.name
    if check is None or folder is None:
        raise NotReady(f"'{title}' is not trained yet: open the app and train it first.")
    card = read_card(folder)
    counts = Counter(class_name for _, class_name in there.photos)
    return CheckedModel(
        title,
        card,
        check,
        method_of(card),
        findings,
        tuple(_unsettled(suspects_of(check, findings), there)),
        advise(check, findings, counts, run.curves if run else None),
        named,
        _pictures_of(project, there),
    )


def suspects_of(check: ModelCheck, findings: Findings | None = None) -> Iterator[Suspect]:
    """Photos worth a second look: those probably in the wrong class, then what else was found."""
    for answer in mislabelled(check, findings):
        yield Suspect(answer.sha256, answer.true, Suspicion.MISLABELLED, answer.probability)
    for suspect in findings.suspects if findings else ():
        if suspect.kind is not Suspicion.MISLABELLED:
            yield suspect


def _unsettled(suspects: Iterator[Suspect], there: TrainingSet) -> Iterator[Suspect]:
    """Those that are still where they were, and that nobody has said to be right as they are."""
    classes = {photo.sha256: name for photo, name in there.photos if not photo.is_confirmed}
    return (each for each in suspects if classes.get(each.sha256) == each.class_name)


def _pictures_of(project: Project, there: TrainingSet) -> Picture:
    """Finds pictures of photos that are still there: nobody sees again what was removed."""
    kept = {photo.sha256 for photo, _ in there.photos}

    def picture(sha256: str) -> bytes | None:
        try:
            return project.thumbnail_of(sha256).read_bytes() if sha256 in kept else None
        except (AppError, OSError):
            return None

    return picture


def checked_card(title: str, card: Mapping[str, Any]) -> CheckedModel:
    """What the card of a model tells by itself.

    Args:
        title: what the classifier is called.
        card: what is in its `card.json`.
    """
    names = [entry["name"] for entry in card["classes"]]
    answers = [
        HeldOutAnswer("", true, predicted, 0.0)
        for true, row in (card.get("confusion") or {}).items()
        for predicted, count in row.items()
        if {true, predicted} <= {*names}
        for _ in range(count)
    ]
    check = check_of(names, answers, card["sure"], figures_of(card))
    return CheckedModel(title, card, check, method_of(card))
