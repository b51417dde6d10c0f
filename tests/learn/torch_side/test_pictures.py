"""Photos are decoded once, kept in a file, and given to the network as the graph would see them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nocode_classifier.errors import Cancelled, InputError
from nocode_classifier.learn.settings import Augmentation
from nocode_classifier.learn.torch_side.pictures import Batches, MappedPhotos, decode
from nocode_classifier.learn.views import views_of
from nocode_classifier.predict.predictor import read_photo
from tests.drawing import draw_image, save_photos


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return save_photos(tmp_path / "photos", "circle", range(11))


@pytest.fixture
def pictures(files: list[Path], tmp_path: Path) -> MappedPhotos:
    return decode(files, tmp_path, 64)


def test_photos_are_kept_with_their_shape_and_no_larger_than_is_of_use(
    pictures: MappedPhotos, files: list[Path]
) -> None:
    assert len(pictures) == 11
    assert pictures[10].shape == (74, 99, 3)  # of 120 x 160, for a network that looks at 64
    small = Image.fromarray(read_photo(files[10])).resize((99, 74), Image.Resampling.BICUBIC)
    assert (pictures[10] == np.asarray(small)).all()


def test_small_photos_are_kept_as_they_are_and_panoramas_are_squeezed(tmp_path: Path) -> None:
    for name, size in (("small", (50, 40)), ("wide", (900, 90))):
        draw_image("stripes", 1, size).save(tmp_path / f"{name}.png")
    found = decode([tmp_path / "small.png", tmp_path / "wide.png"], tmp_path, 64)
    assert found[0].shape == (40, 50, 3)
    assert found[1].shape == (74, 222, 3)


def test_the_file_can_be_deleted_after_closing(pictures: MappedPhotos, tmp_path: Path) -> None:
    pictures.close()
    (tmp_path / "photos.pixels").unlink()


def test_batches_give_every_photo_once_and_none_is_tiny(pictures: MappedPhotos) -> None:
    labels = np.arange(11)
    batches = Batches(pictures, labels, np.arange(11), 64, 5, augmentation=Augmentation())
    found = list(batches)
    assert len(batches) == len(found) == 3
    assert [len(views) for views, _ in found] == [4, 4, 3]
    assert found[0][0].shape == (4, 2, 3, 64, 64)
    assert sorted(int(label) for _, labels in found for label in labels) == list(range(11))


def test_epochs_differ_and_the_same_seed_gives_the_same_epochs(pictures: MappedPhotos) -> None:
    def two_epochs() -> list[np.ndarray]:
        batches = Batches(
            pictures, np.arange(11), np.arange(11), 64, 11, augmentation=Augmentation(), views=1
        )
        return [next(iter(batches))[0].numpy() for _ in range(2)]

    once, again = two_epochs(), two_epochs()
    assert once[0].shape == (11, 1, 3, 64, 64)
    assert (once[0] != once[1]).any()
    assert all((one == other).all() for one, other in zip(once, again, strict=True))


def test_without_augmentation_photos_come_in_order_as_they_are(pictures: MappedPhotos) -> None:
    batches = Batches(pictures, np.arange(11), np.array([3, 1]), 64, 2)
    views, labels = next(iter(batches))
    assert labels.tolist() == [3, 1]
    assert (views[0].permute(0, 2, 3, 1).numpy() == views_of(pictures[3], 64)).all()


def test_a_photo_that_is_gone_and_stop_end_the_decoding(files: list[Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'gone.jpg' can't be read any more. Remove it"):
        decode([*files, tmp_path / "gone.jpg"], tmp_path, 64)
    with pytest.raises(Cancelled):
        decode(files, tmp_path, 64, should_stop=lambda: True)
