"""What to do next, counted from the data and ranked by what it would probably bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from nocode_classifier.check.diagnosis import Advice, Kind, Remedy, diagnose
from nocode_classifier.check.findings import Findings
from nocode_classifier.check.learning_curve import USUAL_SLOPE
from nocode_classifier.check.model_check import ModelCheck
from nocode_classifier.check.notices import Notice, Noticed
from nocode_classifier.check.suspects import Suspicion
from nocode_classifier.curves import Curves
from nocode_classifier.learn.figures import GOOD, quoted

WORTH = 0.01
"""Of a good model, only what would probably gain so much of all answers is worth a word."""

MOST = 5
"""More advice at once is not followed."""

MISTAKES = 3
"""Mistakes in one class that are worth advice of their own."""

MOST_THERE = 0.5
"""Share of all mistakes that are in one class, from which on it is the one to work on."""

PUT_RIGHT = 0.5
"""Of a mistake that is put right in the photos, so much comes back in answers to new ones."""

ALWAYS = {Kind.ONE_SCENE, Kind.SAME_PHOTO, Kind.GIVEN_AWAY, Kind.HARDLY_TWO}
"""What held-out photos can not show in full, so that no gain can be counted for it."""

FIRST = {Kind.ONE_SCENE: 1.0, Kind.GIVEN_AWAY: 0.05, Kind.TWO_GROUPS: 0.005}
"""What these count as when advice is ranked."""


def advise(
    check: ModelCheck,
    findings: Findings | None,
    counts: Mapping[str, int],
    curves: Curves | None,
) -> tuple[Advice, ...]:
    """What to do next, what would probably gain most first; nothing where nothing needs doing.

    A model that is not good always gets advice, and first of all to add photos.

    Args:
        check: the model.
        findings: what was found in the photos, as far as it was looked for.
        counts: photos learnt from, by class name.
        curves: of the tuned network; None for the quick way.
    """
    good = check.figures.worth >= GOOD
    told = [*diagnose(curves, counts, check.answers, check.figures)]
    told += [*_where_mistakes_are(check, counts, findings), *_in_photos(check, findings)]
    ranked = sorted(
        (_valued(check, findings, advice) for advice in told),
        key=lambda advice: (not good and advice.press is not Remedy.COLLECT, -advice.gain),
    )
    kept = [one for one in ranked if not good or one.gain >= WORTH or one.kind in ALWAYS]
    return tuple(_each_class_once(kept))[:MOST]


def _valued(check: ModelCheck, findings: Findings | None, advice: Advice) -> Advice:
    """Advice with what it would probably gain."""
    gain = advice.gain or FIRST.get(advice.kind, 0.0)
    mistakes = 1 - (check.figures.overall.value if check.figures.overall else 0.0)
    if advice.kind is Kind.TOO_FEW_PHOTOS:
        gain = _from_twice(findings) * mistakes
    elif advice.kind in (Kind.UNEVEN_CLASSES, Kind.WEAK_CLASS):
        gain = _from_twice(findings) * _mistakes_of(check, advice.class_names[0])
    elif advice.kind is Kind.NOISY_LABELS:
        gain = PUT_RIGHT * len(advice.photos) / max(len(check.answers), 1)
    elif advice.press is Remedy.TRAIN:
        gain = PUT_RIGHT * mistakes
    return replace(advice, gain=gain)


def _from_twice(findings: Findings | None) -> float:
    """Share of mistakes that go away with twice as many photos."""
    curve = None if findings is None else findings.curve
    return float(1 - 2 ** -(USUAL_SLOPE if curve is None else curve.slope))


def _mistakes_of(check: ModelCheck, name: str) -> float:
    """Mistakes in which a class is the one that was or the one that was answered, of all photos."""
    wrong = [a for a in check.answers if a.predicted != a.true and name in (a.true, a.predicted)]
    return len(wrong) / max(len(check.answers), 1)


def _where_mistakes_are(
    check: ModelCheck, counts: Mapping[str, int], findings: Findings | None
) -> Iterator[Advice]:
    wrong = Counter(answer.true for answer in check.answers if answer.predicted != answer.true)
    for name, times in wrong.most_common(1):
        if times < MISTAKES or times < MOST_THERE * wrong.total():
            continue
        more = max(10, round(counts.get(name, 0) / 10) * 10)
        where = f"all {times}" if times == wrong.total() else f"{times} of {wrong.total()}"
        yield Advice(
            Kind.MORE_PHOTOS,
            f"Add about {more} photos of '{name}': {where} mistakes are there.",
            Remedy.COLLECT,
            f"Find more photos of '{name}'",
            class_names=(name,),
            gain=_from_twice(findings) * times / max(len(check.answers), 1),
        )


def _in_photos(check: ModelCheck, findings: Findings | None) -> Iterator[Advice]:
    if findings is None:
        return
    across = [s for s in findings.suspects if s.kind is Suspicion.DUPLICATE and s.across]
    photos = max(len(check.answers), 1)
    if across:
        pairs = -(-len(across) // 2)
        yield Advice(
            Kind.SAME_PHOTO,
            "The same photo is in two classes, so one of them is taught a mistake."
            if pairs == 1
            else f"{pairs} photos are in two classes, so one of them is taught mistakes.",
            Remedy.REVIEW,
            "Look at them",
            photos=tuple(suspect.sha256 for suspect in across),
            view=Suspicion.DUPLICATE,
            gain=PUT_RIGHT * pairs / photos,
        )
    odd = [suspect for suspect in findings.suspects if suspect.kind is Suspicion.ODD]
    if odd:
        yield Advice(
            Kind.ODD_PHOTOS,
            f"{_photos(len(odd))} unlike the others in the same class. Remove what doesn't belong.",
            Remedy.REVIEW,
            "Look at the odd ones",
            photos=tuple(suspect.sha256 for suspect in odd),
            view=Suspicion.ODD,
            gain=PUT_RIGHT**2 * len(odd) / photos,
        )
    for noticed in findings.noticed:
        if set(noticed.class_names) <= set(check.class_names):
            yield _OF_NOTICE[noticed.kind](check, noticed)


def _photos(count: int) -> str:
    return "1 photo is" if count == 1 else f"{count:,} photos are"


def _two_groups(check: ModelCheck, noticed: Noticed) -> Advice:  # noqa: ARG001
    (name,) = noticed.class_names
    return Advice(
        Kind.TWO_GROUPS,
        f"'{name}' seems to hold two different kinds of photos ({len(noticed.photos)} of the one). "
        "If you want to tell them apart, make them two classes.",
        Remedy.REVIEW,
        f"Look through '{name}'",
        photos=noticed.photos,
        class_names=noticed.class_names,
    )


def _hardly_two(check: ModelCheck, noticed: Noticed) -> Advice:
    one, other = noticed.class_names
    first, second = (check.class_names.index(name) for name in (one, other))
    mixed = int(check.confusion[first, second] + check.confusion[second, first])
    ids = check.class_ids[first], check.class_ids[second]
    return Advice(
        Kind.HARDLY_TWO,
        f"{quoted([one, other])} are hardly told apart: {mixed} photos were mixed up. If they show "
        "the same thing, make them one class; else add photos that show the difference.",
        Remedy.REVIEW,
        "Look at those mixed up",
        class_names=noticed.class_names,
        view=f"cell:{ids[0]}:{ids[1]}",
        gain=mixed / max(len(check.answers), 1),
    )


def _given_away(check: ModelCheck, noticed: Noticed) -> Advice:  # noqa: ARG001
    (name,) = noticed.class_names
    return Advice(
        Kind.GIVEN_AWAY,
        f"'{name}' can be told by its background alone: its photos have surroundings that the "
        f"others don't. Add photos of '{name}' in other places, or it may not be recognised there.",
        Remedy.COLLECT,
        f"Find photos of '{name}' elsewhere",
        class_names=noticed.class_names,
    )


_OF_NOTICE: Mapping[Notice, Callable[[ModelCheck, Noticed], Advice]] = {
    Notice.TWO_GROUPS: _two_groups,
    Notice.HARDLY_TWO: _hardly_two,
    Notice.GIVEN_AWAY: _given_away,
}


def _each_class_once(told: list[Advice]) -> Iterator[Advice]:
    """No two pieces of advice that ask for more photos of the same class alone."""
    asked: set[str] = set()
    for advice in told:
        if advice.press is Remedy.COLLECT and len(advice.class_names) == 1:
            if advice.class_names[0] in asked:
                continue
            asked.add(advice.class_names[0])
        yield advice
