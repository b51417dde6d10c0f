"""What went wrong in a training, in words, and what to press next.

Two kinds of evidence: the curves of a network that was tuned, and what was answered to photos that
had not been seen. Each limit below was set between what trainings that went wrong and sound ones
measured (`tests/check_room/test_diagnosis.py` makes each happen).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Any

from nocode_classifier.check.diagnosis_curves import Trouble, trouble_in
from nocode_classifier.curves import Curves
from nocode_classifier.learn.enough import PLENTY
from nocode_classifier.learn.figures import GOOD, UNEVEN, Figures, joined, quoted
from nocode_classifier.learn.settings import HIGHEST_RATE, LOWEST_RATE, MOST_EPOCHS
from nocode_classifier.project.records import HeldOutAnswer

LEFT_BEHIND = 0.1
"""By so much the share of right answers is lower in a class with few photos than in the others.
Three times as few cost 6 to 25 points of it, four times 6 to 40, where they cost anything."""

CONTRADICTED = 0.035
FEWEST_CONTRADICTED = 4
"""Share of all photos, and how many, that look like another class with a certainty which half of
the right answers do not have. Clean labels: at most 1.6 % (hot dogs and digits, 60 to 400 photos).
A tenth given a wrong label: 4.0 to 7.7 %; a fifth: 7.5 to 17 %."""


class Kind(StrEnum):
    """What may have gone wrong."""

    ONE_SCENE = "one scene"
    RATE_TOO_HIGH = "rate too high"
    RATE_TOO_LOW = "rate too low"
    TOO_FEW_EPOCHS = "too few epochs"
    TOO_MANY_EPOCHS = "too many epochs"
    TOO_FEW_PHOTOS = "too few photos"
    UNEVEN_CLASSES = "uneven classes"
    NOISY_LABELS = "noisy labels"
    WEAK_CLASS = "weak class"
    MORE_PHOTOS = "more photos"
    SAME_PHOTO = "same photo"
    TWO_GROUPS = "two groups"
    HARDLY_TWO = "hardly two"
    GIVEN_AWAY = "given away"
    ODD_PHOTOS = "odd photos"


class Remedy(StrEnum):
    """What to do about it."""

    TRAIN = "train"  # again, with `Advice.change`
    COLLECT = "collect"  # more photos
    REVIEW = "review"  # the photos, those of `Advice.photos` first


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing that went wrong or could be better, and what to do about it.

    Attributes:
        sentence: what was seen and what it means.
        press: what to do next.
        label: for the button that does it.
        change: settings to train with instead (`rate`, `epochs`); empty for other presses.
        photos: SHA-256 of those it is about, the plainest first.
        class_names: those it is about.
        view: of the photos, to be looked through; "" for all, or those of the class.
        gain: share of all answers that would probably be right then and are wrong now.
    """

    kind: Kind
    sentence: str
    press: Remedy
    label: str
    change: Mapping[str, Any] = field(default_factory=dict)
    photos: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    view: str = ""
    gain: float = 0.0


def diagnose(
    curves: Curves | None,
    counts: Mapping[str, int],
    held_out: Sequence[HeldOutAnswer],
    figures: Figures,
) -> tuple[Advice, ...]:
    """Look for what went wrong in a training.

    Args:
        curves: of the tuned network; None for the quick way.
        counts: photos learnt from, by class name.
        held_out: what was answered to photos that were not learnt from.
        figures: of these answers.

    Returns:
        What was found, what to press first before the others; nothing for a good model.
    """
    good = figures.worth >= GOOD
    more = (*_one_scene(figures), *_uneven(counts, held_out)) or tuple(_few(counts, good=good))
    found = (*more, *(() if curves is None else _of_curves(curves)), *_noisy(held_out))
    return found if found or good else tuple(_weak(figures, held_out))


def contradictions(held_out: Sequence[HeldOutAnswer]) -> list[HeldOutAnswer]:
    """Photos that look like another class than theirs, more certainly than half of those answered
    rightly; the most certain first.

    Certainty is compared and not taken as it is: calibration on labels that are wrong in part makes
    every answer less certain. After Northcutt, Jiang and Chuang, "Confident learning: estimating
    uncertainty in dataset labels", Journal of Artificial Intelligence Research 70, 2021.

    With a tenth or a fifth of the labels made wrong, 67 to 91 % (hot dogs) and 89 to 100 % (digits)
    of these were such photos, of the first half of them 81 to 100 %; they are 30 to 50 % of
    all such photos.
    """
    right = [answer.probability for answer in held_out if answer.predicted == answer.true]
    usual = median(right) if right else 0.0
    found = [a for a in held_out if a.predicted != a.true and a.probability >= usual]
    return sorted(found, key=lambda answer: -answer.probability)


def wrongly_labelled(held_out: Sequence[HeldOutAnswer]) -> list[HeldOutAnswer]:
    """`contradictions`, if there are more of them than a model makes by itself; else none."""
    found = contradictions(held_out)
    enough = len(found) >= max(FEWEST_CONTRADICTED, CONTRADICTED * len(held_out))
    return found if enough else []


def _of_curves(curves: Curves) -> Iterator[Advice]:
    trouble = trouble_in(curves)
    planned, rate = curves.planned, curves.rate
    match trouble:
        case Trouble.DIVERGED | Trouble.GOT_WORSE:
            lower = max(rate / (10 if trouble is Trouble.DIVERGED else 3), LOWEST_RATE)
            yield Advice(
                Kind.RATE_TOO_HIGH,
                "It learned at too fast a pace: with every step the network overshot, and its "
                "mistakes grew instead of shrinking.",
                Remedy.TRAIN,
                f"Train again, more gently (pace {_short(lower)})",
                {"rate": lower},
            )
        case Trouble.HARDLY_MOVED:
            higher = min(rate * 10, HIGHEST_RATE)
            yield Advice(
                Kind.RATE_TOO_LOW,
                "It learned at too slow a pace: after all rounds the network was nearly as it was "
                "at the beginning.",
                Remedy.TRAIN,
                f"Train again, bolder (pace {_short(higher)})",
                {"rate": higher},
            )
        case Trouble.STILL_LEARNING | Trouble.ONCE_ONLY:
            more = min(max(2 * planned, planned + 3), MOST_EPOCHS)
            yield Advice(
                Kind.TOO_FEW_EPOCHS,
                "It looked at every photo only once; that is rarely enough."
                if trouble is Trouble.ONCE_ONLY
                else f"It was still getting better when it ended: {_rounds(planned)} were too few.",
                Remedy.TRAIN,
                f"Train again with {_rounds(more)}",
                {"epochs": more},
            )
        case Trouble.OVERFITTED:
            losses = [epoch.valid_loss for epoch in curves.epochs]
            fewer = losses.index(min(losses)) + 1
            yield Advice(
                Kind.TOO_MANY_EPOCHS,
                f"It went on too long: after round {fewer} it got better only on the photos it "
                "learnt from, by heart, and worse on others.",
                Remedy.TRAIN,
                f"Train again with {_rounds(fewer)}",
                {"epochs": fewer},
            )


def _noisy(held_out: Sequence[HeldOutAnswer]) -> Iterator[Advice]:
    found = wrongly_labelled(held_out)
    if not found:
        return
    yield Advice(
        Kind.NOISY_LABELS,
        f"{len(found)} of {len(held_out)} photos look clearly like another class than the one they "
        "are in. Some of them are probably in the wrong class, and every one of those teaches a "
        "mistake.",
        Remedy.REVIEW,
        "Look through the photos",
        photos=tuple(answer.sha256 for answer in found),
        view="mislabelled",
    )


def _uneven(counts: Mapping[str, int], held_out: Sequence[HeldOutAnswer]) -> Iterator[Advice]:
    most = max(counts.values(), default=0)
    small = {name for name, count in counts.items() if 0 < count * UNEVEN <= most}
    asked = Counter(answer.true for answer in held_out)
    right = Counter(answer.true for answer in held_out if answer.predicted == answer.true)
    others = [name for name in asked if name not in small]
    usual = sum(right[name] for name in others) / max(sum(asked[name] for name in others), 1)
    behind = [
        name for name in small if asked[name] and right[name] / asked[name] <= usual - LEFT_BEHIND
    ]
    if not behind:
        return
    worst = min(behind, key=lambda name: (right[name] / asked[name], name))
    known = f"{right[worst]}" if right[worst] else "None"
    was = "was" if right[worst] < 2 else "were"
    yield Advice(
        Kind.UNEVEN_CLASSES,
        f"'{worst}' has only {counts[worst]} photos; your largest class has {most}. {known} of the "
        f"{asked[worst]} {was} recognised (other classes: {usual:.0%}). Add more photos of "
        f"'{worst}'.",
        Remedy.COLLECT,
        f"Find more photos of '{worst}'",
        class_names=(worst, *sorted(set(behind) - {worst})),
    )


def _one_scene(figures: Figures) -> Iterator[Advice]:
    names = tuple(name for name, found in figures.by_class.items() if found is None)
    if names and figures.reason:
        sentence = (
            f"Photos of {quoted(names)} from another place or time would let the app measure how "
            "well it knows them, and teach it what they have in common."
        )
        yield Advice(
            Kind.ONE_SCENE, sentence, Remedy.COLLECT, "Add other photos", class_names=names
        )


def _few(counts: Mapping[str, int], *, good: bool) -> Iterator[Advice]:
    few = sorted((name for name, count in counts.items() if count < PLENTY), key=counts.__getitem__)
    if not few or good:
        return
    listed = joined([f"{counts[name]} of '{name}'" for name in few])
    yield Advice(
        Kind.TOO_FEW_PHOTOS,
        f"There are few photos: {listed}. {PLENTY} or more of each work much better.",
        Remedy.COLLECT,
        "Find more photos",
        class_names=tuple(few),
    )


def _weak(figures: Figures, held_out: Sequence[HeldOutAnswer]) -> Iterator[Advice]:
    """The weakest class of a model that is not good, where nothing else explains it."""
    for name, found in list(figures.measured.items())[:1]:
        taken = Counter(a.predicted for a in held_out if a.true == name and a.predicted != name)
        sentence = (
            f"It was tried on few different photos: near copies count once. Add photos of '{name}' "
            "from another place or time."
        )
        for other, times in taken.most_common(1):
            sentence = (
                f"'{name}' was recognised in {found.correct} of {found.photos} photos; {times} "
                f"{'was' if times == 1 else 'were'} taken for '{other}'. Add photos of '{name}' "
                f"that show what sets it apart from '{other}'."
            )
        press = f"Find more photos of '{name}'"
        yield Advice(Kind.WEAK_CLASS, sentence, Remedy.COLLECT, press, class_names=(name,))


def _rounds(number: int) -> str:
    return "1 round" if number == 1 else f"{number} rounds"


def _short(rate: float) -> str:
    return f"{rate:.1g}" if math.isfinite(rate) else "?"
