"""What cross-validation finds out about features: a head, honest figures, the line of "sure"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from nocode_classifier.learn.accuracy import CROSS_VALIDATED
from nocode_classifier.learn.features import TrainingPhoto
from nocode_classifier.learn.figures import Figures, measure, quoted
from nocode_classifier.learn.folds import make_folds, ungroup_single_scenes
from nocode_classifier.learn.graph import Blocks, LinearHead
from nocode_classifier.learn.heads.evaluation import Evaluation, evaluate, fit_final_head
from nocode_classifier.learn.prototypes import familiarity, fit_prototypes, held_out_familiarity
from nocode_classifier.learn.strangers.reference import strangers_seen_by
from nocode_classifier.learn.sure import SureChoice, sure_lines
from nocode_classifier.progress import Report, ShouldStop, check_stop, ignore, never
from nocode_classifier.project.near_copies.near_duplicates import group_near_duplicates

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What was answered to a photo by a head that had not seen it.

    Attributes:
        probabilities: of all classes, in the order of the model's, float32 [classes].
        familiarity: how much the photo resembles the others, cosine.
        scene: near duplicates share a number.
    """

    photo: TrainingPhoto
    predicted: str
    probabilities: FloatArray = field(compare=False)
    familiarity: float
    scene: int

    @property
    def probability(self) -> float:
        """Of the predicted class."""
        return float(self.probabilities.max())


@dataclass(frozen=True, slots=True)
class LabelledFeatures:
    """What there is to learn from: photos in order, their features [n, d] and labels [n].

    Attributes:
        extractor: key of what made the features; "" for a tuned network, which has none.
    """

    photos: Sequence[TrainingPhoto]
    class_names: tuple[str, ...]
    features: FloatArray
    labels: IntArray
    blocks: tuple[Blocks, ...]
    extractor: str = ""

    @property
    def means(self) -> FloatArray:
        """The block of the first network that likeness is measured on, [n, means]."""
        return self.features[:, : self.blocks[0].means]

    @property
    def familiar(self) -> FloatArray:
        """The part of the first network that familiarity is measured on, [n, length]."""
        return self.features[:, self.blocks[0].familiar]

    def of_first(self, networks: int) -> LabelledFeatures:
        """What the first of the networks make of the photos."""
        blocks = self.blocks[:networks]
        length = sum(each.total for each in blocks)
        return replace(self, features=self.features[:, :length], blocks=blocks)


@dataclass(frozen=True, slots=True)
class Study:
    """What was found out.

    Attributes:
        groups: near duplicates share a number, int64 [n], but in a class that is all one group.
        judged: the photos of all other classes, bool [n].
        found: the answers, and the head they elect.
        figures: over the judged photos that were left out: all, or a part for the whole network.
        held_out: an answer to each of these.
        sure: from where on an answer is sure.
    """

    material: LabelledFeatures
    groups: IntArray
    judged: Flags
    found: Evaluation
    figures: Figures
    held_out: tuple[HeldOut, ...]
    sure: SureChoice

    @property
    def columns(self) -> tuple[slice, ...]:
        """The features that the head sees."""
        return self.found.seen.columns(self.material.blocks)


def study(
    material: LabelledFeatures,
    *,
    fewest: int = 1,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Study:
    """Cross-validate with near duplicates on one side; draw the line of "sure".

    Args:
        material: of one network or several.
        fewest: of these, how many are used at least; the study is of those that are.

    Raises:
        Cancelled: Stop was pressed.
    """
    groups, judged = ungroup_single_scenes(material.labels, near_duplicates(material))
    found = evaluate(
        material.features,
        material.labels,
        len(material.class_names),
        groups,
        material.blocks,
        fewest=fewest,
        report=report,
        should_stop=should_stop,
    )
    check_stop(should_stop)
    folds = make_folds(material.labels, groups)
    familiar = held_out_familiarity(material.familiar, folds, len(material.class_names))
    return conclude(material.of_first(found.seen.networks), groups, judged, found, familiar)


def near_duplicates(material: LabelledFeatures) -> IntArray:
    """Group of each photo, int64 [n]."""
    return group_near_duplicates(
        [photo.perceptual_hash for photo in material.photos],
        material.means,
        [photo.burst for photo in material.photos],
        material.labels,
    )


def conclude(
    material: LabelledFeatures,
    groups: IntArray,
    judged: Flags,
    found: Evaluation,
    familiar: FloatArray,
) -> Study:
    """Figures and the line of "sure" from what was answered to photos held out.

    Args:
        groups: int64 [n].
        judged: photos whose answers count, bool [n].
        found: its `answered` says to which photos there are answers.
        familiar: familiarity of each photo to others than those, float32 [n].
    """
    numbers = np.flatnonzero(found.answered & judged).tolist()
    held_out = tuple(
        HeldOut(
            material.photos[number],
            material.class_names[int(found.answers[number].argmax())],
            found.answers[number].astype(np.float32),
            float(familiar[number]),
            int(groups[number]),
        )
        for number in numbers
    )
    figures = measure(
        [answer.photo.class_name for answer in held_out],
        [answer.predicted for answer in held_out],
        groups[numbers].tolist(),
        material.class_names,
        reason=_reason(material, judged, found.answered),
        fewest=2,
        weight=CROSS_VALIDATED,
    )
    sure = _sure(material, familiar, found, judged)
    return Study(material, groups, judged, found, figures, held_out, sure)


def _reason(material: LabelledFeatures, judged: Flags, answered: Flags) -> str:
    """Which classes can't be judged, why, and what would help; "" if all can."""
    names = material.class_names
    single = [names[label] for label in np.unique(material.labels[~judged])]
    if single:
        each = " each" if len(single) > 1 else ""
        it = "them" if len(single) > 1 else "it"
        return (
            f"{quoted(single)} {'were' if each else 'was'}{each} seen in one scene only, so how "
            f"well it knows {it} can't be measured yet. Add photos of {it} from another place or "
            "time."
        )
    unseen = np.setdiff1d(material.labels, material.labels[answered])
    if not unseen.size:
        return ""
    return (
        f"No photo of {quoted([names[label] for label in unseen])} was held out, so it can't be "
        "measured yet how well that is known. Add more photos of it."
    )


def finish_head(studied: Study) -> LinearHead:
    """The elected head and the prototypes, fitted on all photos."""
    material, classes = studied.material, len(studied.material.class_names)
    head = fit_final_head(
        material.features, material.labels, classes, studied.found, material.blocks
    )
    return LinearHead(head.weights, head.bias, head.patterns, _prototypes(material))


def _prototypes(material: LabelledFeatures) -> FloatArray:
    """What stands for all photos when another one is compared with them."""
    return fit_prototypes(material.familiar, len(material.class_names))


def _sure(
    material: LabelledFeatures, familiar: FloatArray, found: Evaluation, judged: Flags
) -> SureChoice:
    """From where on an answer is sure.

    Where no photo can be judged, the lines are those of photos that were held out one by one: what
    is unlike the only scene there was is not sure.
    """
    counted = found.answered & judged
    measured = bool(counted.any())
    numbers = np.flatnonzero(counted if measured else found.answered)
    seen = strangers_seen_by(material.extractor)
    strangers = None if seen is None else familiarity(seen, _prototypes(material))
    return sure_lines(
        found.answers[numbers],
        familiar[numbers],
        material.labels[numbers],
        strangers=strangers,
        measured=measured,
    )
