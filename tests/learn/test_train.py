from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nocode_classifier.errors import Cancelled, InputError, NotReady
from nocode_classifier.learn.features import TrainingPhoto
from nocode_classifier.learn.from_folder import train_folder
from nocode_classifier.learn.train import TrainedModel, train
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.progress import Progress
from tests.drawing import draw_folder, draw_image, draw_photo, save_frames, save_photos
from tests.learning import MemoryStore, called, drawn_photos, photos_in, train_on

STAGES = (
    "Looking at your photos",
    "Checking on photos it has not seen",
    "Putting the model together",
)


def test_drawn_shapes_are_told_apart(trained: TrainedModel) -> None:
    predictor = Predictor(trained.folder)
    unseen = [(shape, seed) for shape in predictor.classes for seed in range(500, 508)]
    right = [predictor.predict(draw_photo(*photo)).label == photo[0] for photo in unseen]
    assert np.mean(right) >= 0.9
    assert trained.accuracy.value >= 0.9
    assert trained.accuracy.low < trained.accuracy.value <= trained.accuracy.high


def test_the_card_says_all_there_is_to_say(trained: TrainedModel) -> None:
    card = json.loads((trained.folder / "card.json").read_text(encoding="utf-8"))
    assert card == trained.card
    assert (card["format_version"], card["name"]) == (1, "Shapes")
    assert (card["backbone"], card["input_size"]) == ("efficientnet-lite0", 224)
    assert card["classes"][0] == {"name": "circle", "hints": ["It rolls."], "photos": 10}
    assert card["accuracy"]["correct"] == trained.accuracy.correct
    assert card["accuracy"]["photos"] == card["accuracy"]["independent"] == 30
    assert sum(sum(row.values()) for row in card["confusion"].values()) == 30
    assert card["calibration"]["temperature"] > 0
    assert {"familiarity", "probability"} <= card["sure"].keys()
    assert card.keys() >= {"licence", "made_at", "app_version"}


def test_every_photo_has_an_answer_from_a_head_that_had_not_seen_it(
    trained: TrainedModel, shapes: list[TrainingPhoto]
) -> None:
    assert [answer.photo for answer in trained.held_out] == shapes
    right = sum(answer.predicted == answer.photo.class_name for answer in trained.held_out)
    assert right == trained.accuracy.correct
    assert all(0 < answer.probability <= 1 for answer in trained.held_out)


def test_most_of_the_own_kind_are_sure_and_their_share_is_on_the_card(
    trained: TrainedModel,
) -> None:
    assert trained.card["sure"]["share"] >= 0.9
    predictor = Predictor(trained.folder)
    sure = [predictor.predict(draw_photo("stripes", seed)).sure for seed in range(600, 612)]
    assert sum(sure) >= 8
    assert not predictor.predict(Image.new("RGB", (64, 64), "green")).sure


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "Name at least two things to tell apart, then add photos of each."),
        ({"cats": 9}, "Name at least two things to tell apart, then add photos of each."),
        (
            {"cats": 9, "dogs": 1},
            "Every class needs at least 2 photos to learn from. Add 1 more of 'dogs'.",
        ),
        (
            {"cats": 1, "dogs": 0, "cows": 0},
            "Every class needs at least 2 photos to learn from. "
            "Add 1 more of 'cats', 2 more of 'dogs' and 2 more of 'cows'.",
        ),
    ],
)
def test_too_little_is_refused_with_what_to_add(
    counts: dict[str, int], sentence: str, tmp_path: Path
) -> None:
    photos = [
        TrainingPhoto(tmp_path / "none.jpg", "none", str(n), name, "0" * 16)
        for name, count in counts.items()
        for n in range(count)
    ]
    with pytest.raises(NotReady) as refused:
        train(photos, list(counts), tmp_path / "model", cache=tmp_path, store=MemoryStore())
    assert str(refused.value) == sentence
    assert not (tmp_path / "model").exists()


def test_the_same_photos_give_the_same_model_in_another_process(
    backbone_cache: Path, tmp_path: Path
) -> None:
    photos = draw_folder(tmp_path / "photos", {"circle": 5, "stripes": 5})
    script = (
        "import sys; from pathlib import Path\n"
        "from nocode_classifier.learn.from_folder import train_folder\n"
        "train_folder(*map(Path, sys.argv[1:]))"
    )
    places = map(str, (photos, tmp_path / "other", backbone_cache))
    subprocess.run([sys.executable, "-c", script, *places], check=True, timeout=120)
    for name in ("one", "two"):
        train_folder(photos, tmp_path / name, backbone_cache)
    models = [(tmp_path / name / "model.onnx").read_bytes() for name in ("one", "two", "other")]
    assert models[0] == models[1] == models[2]


def test_training_again_looks_at_nothing_and_gives_the_same_model(
    trained: TrainedModel,
    shapes: list[TrainingPhoto],
    store: MemoryStore,
    backbone_cache: Path,
    tmp_path: Path,
) -> None:
    again = train_on(shapes, tmp_path / "again", backbone_cache, store=store)
    assert store.looked_at == []
    first, second = ((one.folder / "model.onnx").read_bytes() for one in (trained, again))
    assert first == second


def test_ten_more_photos_cost_a_look_at_exactly_ten(
    trained: TrainedModel,
    shapes: list[TrainingPhoto],
    store: MemoryStore,
    backbone_cache: Path,
    tmp_path: Path,
) -> None:
    more = drawn_photos(tmp_path / "more", {"circle": 5, "triangle": 5}, first_seed=200)
    train_on([*shapes, *more], tmp_path / "model", backbone_cache, store=store)
    assert sorted(store.looked_at) == sorted(photo.sha256 for photo in more)


def half(features: bytes) -> bytes:
    return features[: len(features) // 2]


def no_numbers(features: bytes) -> bytes:
    return np.full(len(features) // 2, np.nan, "<f2").tobytes()


@pytest.mark.parametrize("damage", [half, no_numbers])
def test_features_that_were_kept_badly_are_looked_at_again(
    damage: Callable[[bytes], bytes],
    trained: TrainedModel,
    shapes: list[TrainingPhoto],
    store: MemoryStore,
    backbone_cache: Path,
    tmp_path: Path,
) -> None:
    damaged = MemoryStore()
    bad = damage(store.features[shapes[4].sha256])
    damaged.features = {**store.features, shapes[4].sha256: bad}
    train_on(shapes, tmp_path / "model", backbone_cache, store=damaged)
    assert damaged.looked_at == [shapes[4].sha256]


@pytest.mark.parametrize("stage", STAGES)
def test_stop_is_heard_in_every_phase_and_leaves_no_model(
    stage: str,
    shapes: list[TrainingPhoto],
    backbone_cache: Path,
    tmp_path: Path,
) -> None:
    seen: list[Progress] = []
    store = MemoryStore()
    with pytest.raises(Cancelled):
        train_on(
            shapes[::3],
            tmp_path / "model",
            backbone_cache,
            store=store,
            report=seen.append,
            should_stop=lambda: bool(seen) and seen[-1].stage == stage and seen[-1].done != 1,
        )
    assert seen[-1].stage == stage
    assert not (tmp_path / "model").exists()
    kept = len(store.features)
    assert kept == (2 if stage == STAGES[0] else 10)


def test_progress_only_moves_forward_and_ends_at_the_end(
    trained: TrainedModel,
    shapes: list[TrainingPhoto],
    store: MemoryStore,
    backbone_cache: Path,
    tmp_path: Path,
) -> None:
    seen: list[Progress] = []
    photos = [*shapes, *drawn_photos(tmp_path / "more", {"circle": 3}, first_seed=300)]
    train_on(photos, tmp_path / "model", backbone_cache, store=store, report=seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert list(dict.fromkeys(progress.stage for progress in seen)) == [*STAGES, "Done"]


def test_near_copies_do_not_flatter_the_accuracy(backbone_cache: Path, tmp_path: Path) -> None:
    for seed in range(24):
        original = tmp_path / "photos" / "all" / f"{seed:02}a.png"
        original.parent.mkdir(parents=True, exist_ok=True)
        image = draw_image("circle", seed)
        image.save(original)
        image.resize((320, 240)).save(original.with_name(f"{seed:02}b.jpg"), quality=60)
    chance = np.random.default_rng(5).permutation(24) % 2
    photos = called(photos_in(tmp_path / "photos"), [f"class {n}" for n in chance.repeat(2)])
    found = train_on(photos, tmp_path / "model", backbone_cache).accuracy
    assert found.independent == 24
    assert found.value < 0.75  # there is nothing to learn; with the copy in sight it would be 1


def test_a_photo_that_was_damaged_meanwhile_is_named(
    shapes: list[TrainingPhoto], backbone_cache: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff no longer a photo")
    broken = replace(shapes[0], path=tmp_path / "broken.jpg", name="granny.jpg", sha256="f" * 64)
    with pytest.raises(InputError) as refused:
        train_on([broken, *shapes], tmp_path / "model", backbone_cache)
    assert str(refused.value) == (
        "The photo 'granny.jpg' in 'circle' can't be read any more. Remove it, then train again."
    )
    assert not (tmp_path / "model").exists()


def test_four_photos_among_forty_are_not_drowned(backbone_cache: Path, tmp_path: Path) -> None:
    photos = drawn_photos(tmp_path / "photos", {"circle": 40, "stripes": 4})
    trained = train_on(photos, tmp_path / "model", backbone_cache)
    assert trained.card["confusion"]["stripes"]["stripes"] >= 3
    predictor = Predictor(trained.folder)
    answers = [predictor.predict(draw_photo("stripes", seed)).label for seed in range(700, 710)]
    assert answers.count("stripes") >= 8


def test_what_differs_only_in_its_place_is_told_apart(backbone_cache: Path, tmp_path: Path) -> None:
    for seed in range(24):
        halves = [draw_image(shape, seed, (80, 120)) for shape in ("circle", "stripes")]
        name = "left" if seed % 2 else "right"
        both = Image.new("RGB", (160, 120))
        for half, x in zip(halves, (80, 0) if name == "left" else (0, 80), strict=True):
            both.paste(half, (x, 0))
        (tmp_path / "photos" / name).mkdir(parents=True, exist_ok=True)
        both.save(tmp_path / "photos" / name / f"{seed:02}.png")
    trained = train_on(photos_in(tmp_path / "photos"), tmp_path / "model", backbone_cache)
    assert trained.accuracy.correct >= 22


def test_parts_under_a_camera_that_stands_still_are_learnt_and_can_not_be_measured_yet(
    backbone_cache: Path, tmp_path: Path
) -> None:
    whole = draw_image("circle", 1)
    faulty = whole.copy()
    faulty.paste((255, 0, 0), (20, 20, 40, 40))
    new = [
        save_frames(tmp_path / "photos" / name, image, 11)[-1].rename(tmp_path / f"{name}.jpg")
        for name, image in (("whole", whole), ("faulty", faulty))
    ]
    trained = train_on(photos_in(tmp_path / "photos"), tmp_path / "model", backbone_cache)
    assert trained.figures.overall is None
    assert "can't be measured yet. Add photos of them from another place" in trained.sentence
    card = json.loads((trained.folder / "card.json").read_text(encoding="utf-8"))
    assert (card["accuracy"], card["by_class"]) == (None, {"faulty": None, "whole": None})
    assert trained.held_out == ()
    answers = [Predictor(trained.folder).predict(image) for image in new]
    assert [answer.label for answer in answers] == ["whole", "faulty"]
    assert all(answer.sure for answer in answers)
    assert not Predictor(trained.folder).predict(draw_photo("stripes", 3)).sure


def test_beside_a_class_of_one_scene_the_others_are_measured(
    backbone_cache: Path, tmp_path: Path
) -> None:
    draw_folder(tmp_path / "photos", {"circle": 10, "stripes": 10})
    save_frames(tmp_path / "photos" / "triangle", draw_image("triangle", 1), 10)
    found = train_on(photos_in(tmp_path / "photos"), tmp_path / "model", backbone_cache).figures
    assert found.overall is not None
    assert found.overall.photos == 20
    assert found.by_class["triangle"] is None
    assert "'triangle' was seen in one scene only" in found.in_words()


@pytest.mark.parametrize("shapes", [("circle", "stripes"), ("circle", "circle")])
def test_two_photos_of_each_class_are_judged_once_each(
    shapes: tuple[str, str], backbone_cache: Path, tmp_path: Path
) -> None:
    for name, shape, first in zip(("a", "b"), shapes, (0, 10), strict=True):
        save_photos(tmp_path / "photos" / name, shape, range(first, first + 2))
    trained = train_on(photos_in(tmp_path / "photos"), tmp_path / "model", backbone_cache)
    assert trained.accuracy.photos == len(trained.held_out) == 4
    assert trained.accuracy.low < 0.6
