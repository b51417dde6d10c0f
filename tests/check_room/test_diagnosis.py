"""What is said about a training that went wrong; each thing is made to happen for real.

What a network's curves give away is in `tests/check_room/test_diagnosis_curves.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from nocode_classifier.check.diagnosis import Advice, Kind, Remedy, contradictions, diagnose
from nocode_classifier.learn.features import TrainingPhoto
from nocode_classifier.learn.figures import Figures, measure
from nocode_classifier.learn.train import TrainedModel
from nocode_classifier.project.records import HeldOutAnswer
from tests.drawing import save_faint_photos
from tests.learning import MemoryStore, called, drawn_photos, photos_in, train_on

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def said_of(trained: TrainedModel) -> tuple[Advice, ...]:
    counts = {each["name"]: each["photos"] for each in trained.card["classes"]}
    return diagnose(trained.curves, counts, answers_of(trained), trained.figures)


def answers_of(trained: TrainedModel) -> list[HeldOutAnswer]:
    return [
        HeldOutAnswer(each.photo.sha256, each.photo.class_name, each.predicted, each.probability)
        for each in trained.held_out
    ]


def faint(folder: Path, counts: Mapping[str, int]) -> list[TrainingPhoto]:
    for shape, count in counts.items():
        save_faint_photos(folder / shape, shape, range(count))
    return photos_in(folder)


def relabelled(
    photos: Sequence[TrainingPhoto], share: float
) -> tuple[list[TrainingPhoto], set[str]]:
    """Photos of which a share is said to show something else, and the hashes of those."""
    random = np.random.default_rng(7)
    labels = [photo.class_name for photo in photos]
    wrong = random.choice(len(photos), round(share * len(photos)), replace=False)
    for number in wrong:
        others = sorted(set(labels) - {labels[number]})
        labels[number] = str(random.choice(others))
    return called(photos, labels), {photos[number].sha256 for number in wrong}


def test_nothing_is_said_of_a_sound_training(tmp_path: Path, backbone_cache: Path) -> None:
    photos = drawn_photos(tmp_path / "photos", {"circle": 20, "stripes": 20, "triangle": 20})
    assert said_of(train_on(photos, tmp_path / "model", backbone_cache)) == ()


def test_wrong_labels_are_noticed_and_most_photos_named_are_those(
    tmp_path: Path, backbone_cache: Path
) -> None:
    photos = drawn_photos(tmp_path / "photos", {"circle": 20, "stripes": 20, "triangle": 20})
    photos, wrong = relabelled(photos, 0.2)
    few, finding = said_of(train_on(photos, tmp_path / "model", backbone_cache))
    assert few.kind is Kind.TOO_FEW_PHOTOS
    assert (finding.kind, finding.press) == (Kind.NOISY_LABELS, Remedy.REVIEW)
    assert f"{len(finding.photos)} of 60 photos look clearly like another class" in finding.sentence
    assert len(wrong & set(finding.photos)) > 0.8 * len(finding.photos)


@pytest.mark.gate
@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared photos")
@pytest.mark.parametrize("folder", ["hotdog/test", "sign-digits/test"])
def test_a_fifth_of_real_photos_with_wrong_labels_is_noticed_and_right_ones_are_not_blamed(
    tmp_path: Path, backbone_cache: Path, folder: str
) -> None:
    photos, store = photos_in(DATA / folder), MemoryStore()
    sound = train_on(photos, tmp_path / "sound", backbone_cache, store=store)
    assert said_of(sound) == ()
    for share in (0.1, 0.2):
        photos, wrong = relabelled(photos_in(DATA / folder), share)
        trained = train_on(photos, tmp_path / f"{share}", backbone_cache, store=store)
        # Where classes are small, that is said, too.
        (finding,) = [each for each in said_of(trained) if each.kind is Kind.NOISY_LABELS]
        plainest = finding.photos[: len(finding.photos) // 2]
        assert len(wrong & set(finding.photos)) > 0.6 * len(finding.photos)
        assert len(wrong & set(plainest)) > 0.7 * len(plainest)


def test_a_class_left_behind_by_a_larger_one_is_named(tmp_path: Path, backbone_cache: Path) -> None:
    photos = faint(tmp_path / "photos", {"circle": 20, "triangle": 5})
    (finding,) = said_of(train_on(photos, tmp_path / "model", backbone_cache))
    assert (finding.kind, finding.press) == (Kind.UNEVEN_CLASSES, Remedy.COLLECT)
    assert finding.sentence.startswith("'triangle' has only 5 photos; your largest class has 20. ")
    assert finding.class_names == ("triangle",)
    even = faint(tmp_path / "even", {"circle": 20, "triangle": 20})
    kinds = [each.kind for each in said_of(train_on(even, tmp_path / "all", backbone_cache))]
    assert Kind.UNEVEN_CLASSES not in kinds


def test_few_photos_are_said_to_be_few(tmp_path: Path, backbone_cache: Path) -> None:
    photos = drawn_photos(tmp_path / "photos", {"circle": 6, "stripes": 12})
    (finding,) = said_of(train_on(photos, tmp_path / "model", backbone_cache))
    assert (finding.kind, finding.press) == (Kind.TOO_FEW_PHOTOS, Remedy.COLLECT)
    assert "6 of 'circle' and 12 of 'stripes'. 30 or more" in finding.sentence
    assert finding.class_names == ("circle", "stripes")


def test_many_classes_with_few_photos_are_counted() -> None:
    counts = {f"class {number}": number for number in range(2, 9)}
    (finding,) = diagnose(None, counts, [], figures_on([], counts))
    assert "2 of 'class 2', 3 of 'class 3'" in finding.sentence
    assert "and 2 more. 30 or more" in finding.sentence


def answered(right: int, wrong: int, true: str, other: str) -> list[HeldOutAnswer]:
    """Answers to photos of a class, the wrong ones less certain."""
    answers = [HeldOutAnswer(f"{true}{n}", true, true, 0.9) for n in range(right)]
    return answers + [HeldOutAnswer(f"{true}-{n}", true, other, 0.6) for n in range(wrong)]


def figures_on(answers: Sequence[HeldOutAnswer], classes: Iterable[str]) -> Figures:
    true, said = ([getattr(a, name) for a in answers] for name in ("true", "predicted"))
    return measure(true, said, range(len(answers)), list(classes))


@pytest.mark.parametrize("photos", [(40, 40), (40, 40, 40), (200, 200)])
def test_nothing_is_said_of_good_figures(photos: tuple[int, ...]) -> None:
    counts = {f"c{n}": count for n, count in enumerate(photos)}
    answers = [a for name, count in counts.items() for a in answered(count, 0, name, "c0")]
    assert diagnose(None, counts, answers, figures_on(answers, counts)) == ()


@pytest.mark.parametrize(
    ("right", "photos", "kind"),
    [
        ((6, 6), (10, 10), Kind.TOO_FEW_PHOTOS),
        ((10, 10), (10, 10), Kind.TOO_FEW_PHOTOS),
        ((150, 2), (150, 2), Kind.TOO_FEW_PHOTOS),
        ((150, 0), (150, 2), Kind.UNEVEN_CLASSES),
        ((120, 130), (200, 200), Kind.WEAK_CLASS),
    ],
)
def test_what_is_not_good_yet_always_gets_advice_and_first_to_add_photos(
    right: tuple[int, int], photos: tuple[int, int], kind: Kind
) -> None:
    counts = dict(zip(("cat", "dog"), photos, strict=True))
    answers = answered(right[0], photos[0] - right[0], "cat", "dog")
    answers += answered(right[1], photos[1] - right[1], "dog", "cat")
    first, *_ = diagnose(None, counts, answers, figures_on(answers, counts))
    assert (first.kind, first.press) == (kind, Remedy.COLLECT)


def test_a_class_of_one_scene_is_to_be_seen_elsewhere_and_nothing_else_is_said() -> None:
    figures = measure([], [], [], ["cup", "hand"], reason="Add photos from another place.")
    (finding,) = diagnose(None, {"cup": 40, "hand": 9}, [], figures)
    assert (finding.kind, finding.press) == (Kind.ONE_SCENE, Remedy.COLLECT)
    assert finding.sentence.startswith("Photos of 'cup' and 'hand' from another place or time ")
    assert finding.class_names == ("cup", "hand")


def test_contradictions_are_the_most_certain_of_the_wrong_answers() -> None:
    answers = [HeldOutAnswer(f"{n}", "cat", "cat", n / 10) for n in range(1, 10)]
    answers += [HeldOutAnswer("low", "dog", "cat", 0.4), HeldOutAnswer("high", "dog", "cat", 0.8)]
    answers += [HeldOutAnswer("half", "dog", "cat", 0.5)]
    assert [answer.sha256 for answer in contradictions(answers)] == ["high", "half"]
    assert contradictions([]) == []
