"""Whether "not sure" turns away strangers, and not one's own photos of another day or collector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from benchmarks.checking import OTHERS, SIX_SETS, Photos, read_set
from benchmarks.rows import Row, Section, share, told
from benchmarks.setting import Setting
from nocode_classifier.learn.backbones.prepare import extractor_key, prepare
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.features import Extractor
from nocode_classifier.learn.heads.calibration import probabilities
from nocode_classifier.learn.prototypes import familiarity
from nocode_classifier.learn.study import LabelledFeatures, finish_head, study

SETS = (*SIX_SETS, *OTHERS)
ELSEWHERE = {"bears": "bears_elsewhere"}
"""Photos of the same classes that another person collected."""

WITHOUT = "without a reference"
STRANGERS = 40
"""Test photos of each other set."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model makes of photos, bool [n] each: is it familiar, the answer sure, and right?"""

    familiar: Flags
    sure: Flags
    right: Flags

    @property
    def note(self) -> str:
        """How many of the answers are sure, and how many of these right."""
        right = (self.right & self.sure).sum() / max(self.sure.sum(), 1)
        return f"answered surely {self.sure.mean():.1%}, {right:.1%} of these rightly"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A model, asked about its own test photos, those from elsewhere, and strangers: which of
    these it turned away."""

    own: Asked
    elsewhere: Asked | None
    refused: Flags


def measure(setting: Setting) -> Section:
    """With the reference of strangers and, told beside it, with the line that is drawn without."""
    extractor = Extractor(prepare(DEFAULT, setting.cache), extractor_key(DEFAULT))
    everything = {
        which: read_set(setting, which, extractor) for which in (*SETS, *ELSEWHERE.values())
    }
    outcomes = {which: _outcome(which, everything, extractor.key) for which in SETS}
    without = {which: _outcome(which, everything, "") for which in SETS}
    return Section((*_rows(outcomes, without), *_means(outcomes, without)))


def _outcome(which: str, everything: dict[str, Photos], extractor: str) -> Outcome:
    photos = everything[which]
    studied = study(replace(photos.some(~photos.test), extractor=extractor))
    head, line = finish_head(studied), studied.sure.lines[studied.sure.chosen]

    def ask(asked: LabelledFeatures, numbers: slice = slice(None)) -> Asked:
        features = asked.features[numbers]
        shares = probabilities(features @ head.weights.T + head.bias, 1.0)
        near = (
            familiarity(features[:, asked.blocks[0].familiar], head.prototypes) >= line.familiarity
        )
        sure = near & (shares.max(axis=1) >= line.probability)
        return Asked(near, sure, shares.argmax(axis=1) == asked.labels[numbers])

    others = [_test(everything[other]) for other in SETS if other != which]
    strangers = [ask(other, slice(0, None, len(other.labels) // STRANGERS)) for other in others]
    sure = np.concatenate([each.sure[:STRANGERS] for each in strangers])
    elsewhere = ELSEWHERE.get(which)
    return Outcome(
        ask(_test(photos)), ask(_test(everything[elsewhere])) if elsewhere else None, ~sure
    )


def _test(photos: Photos) -> LabelledFeatures:
    return photos.some(photos.test)


def _rows(outcomes: dict[str, Outcome], without: dict[str, Outcome]) -> Iterator[Row]:
    for which, found in outcomes.items():
        before = without[which]
        yield _kept(f"{which}/test", found.own, before.own, 0.85)
        if found.elsewhere and before.elsewhere:
            yield _kept(f"{ELSEWHERE[which]}/test", found.elsewhere, before.elsewhere, 0.88)
        what, refused = f"strangers refused, {which}", found.refused
        note = f"{WITHOUT} {before.refused.mean():.1%}"
        yield share(what, int(refused.sum()), len(refused), 0.93, note)


def _kept(which: str, found: Asked, before: Asked, least: float) -> Row:
    note = f"{WITHOUT} {before.familiar.mean():.1%}; {found.note}; {WITHOUT} {before.note}"
    what, kept = f"{which} taken for familiar", found.familiar
    return share(what, int(kept.sum()), len(kept), least, note)


def _means(outcomes: dict[str, Outcome], without: dict[str, Outcome]) -> Iterator[Row]:
    """Every set counts alike."""

    def mean(some: dict[str, Outcome], figure: Callable[[Outcome], Flags]) -> float:
        return float(np.mean([figure(each).mean() for each in some.values()]))

    figures: tuple[tuple[str, float, Callable[[Outcome], Flags]], ...] = (
        ("test photos taken for familiar, mean", 0.95, lambda each: each.own.familiar),
        ("strangers refused, mean", 0.98, lambda each: each.refused),
    )
    for what, least, figure in figures:
        now, note = mean(outcomes, figure), f"{WITHOUT} {mean(without, figure):.1%}"
        yield Row(what, f"≥ {least:.0%}", f"{now:.1%}", now >= least, note)
    sure, note = (f"{mean(some, lambda each: each.own.sure):.1%}" for some in (outcomes, without))
    yield told("test photos answered surely, mean", sure, f"{WITHOUT} {note}")
