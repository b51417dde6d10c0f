"""Near copies of pictures drawn here: soft blotches of many sizes, no two pictures alike."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import product

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from nocode_classifier.project.near_copies.likeness import (
    LIKENESS_BYTES,
    LikenessIndex,
    are_near_copies,
    is_likeness,
    is_near_copy,
    likeness_of,
    likeness_of_file,
)


def draw(seed: int, size: tuple[int, int] = (400, 300)) -> Image.Image:
    random = np.random.default_rng(seed)
    values = np.zeros((size[1], size[0], 3), np.float32)
    for blotches in (3, 6, 12, 24):
        coarse = Image.fromarray(random.integers(0, 256, (blotches, blotches, 3), dtype=np.uint8))
        values += np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), np.float32) / 4
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def recoded(image: Image.Image, form: str = "JPEG", quality: int = 85) -> Image.Image:
    file = BytesIO()
    image.save(file, form, quality=quality)
    return Image.open(file).convert("RGB")


def cropped(image: Image.Image, left: int, top: int, right: int, bottom: int) -> Image.Image:
    """Without so many percent of each side."""
    width, height = image.size
    start = (left * width / 100, top * height / 100)
    end = ((100 - right) * width / 100, (100 - bottom) * height / 100)
    return image.crop((*start, *end))


def marked(image: Image.Image) -> Image.Image:
    copy = image.copy()
    ImageDraw.Draw(copy).text((200, 150), "© example", "white", anchor="mm", font_size=40)
    return copy


ALTERED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "a quarter of the size": lambda image: image.resize((100, 75)),
    "three times the size": lambda image: image.resize((1200, 900)),
    "squeezed": lambda image: image.resize((400, 265)),
    "compressed": lambda image: recoded(image, quality=30),
    "as WebP": lambda image: recoded(image, "WEBP", 40),
    "without its left edge": lambda image: cropped(image, 10, 0, 0, 0),
    "without its lower edge": lambda image: cropped(image, 0, 0, 0, 10),
    "without all its edges": lambda image: cropped(image, 10, 10, 10, 10),
    "unevenly cropped": lambda image: cropped(image, 3, 8, 6, 0),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.25),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.8),
    "with more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.3),
    "in grey": lambda image: ImageOps.grayscale(image).convert("RGB"),
    "framed": lambda image: ImageOps.expand(image, 12, "white"),
    "marked": marked,
    "cropped, brighter and smaller": lambda image: (
        ImageEnhance.Brightness(cropped(image, 2, 7, 9, 4)).enhance(1.2).resize((160, 120))
    ),
}


@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_copy_is_a_near_copy_both_ways(how: str) -> None:
    for seed in range(3):
        original = likeness_of(draw(seed))
        altered = likeness_of(recoded(ALTERED[how](draw(seed))))
        assert is_near_copy(original, altered)
        assert is_near_copy(altered, original)


def test_different_pictures_are_not_joined() -> None:
    known = LikenessIndex[int]()
    for seed in range(100):
        likeness = likeness_of(draw(seed))
        assert known.find(likeness) is None
        known.add(seed, likeness)
    assert len(known) == 100


def test_many_pairs_at_once_are_answered_as_each_by_itself() -> None:
    flat = likeness_of(Image.new("RGB", (50, 40), "gold"))
    pictures = [likeness_of(draw(seed)) for seed in range(4)]
    altered = [likeness_of(recoded(alter(draw(1)))) for alter in ALTERED.values()]
    mirrored = [likeness_of(ImageOps.mirror(nearly_symmetric(seed))) for seed in range(2)]
    all_kinds = [*pictures, *altered, *mirrored, likeness_of(nearly_symmetric(0)), flat, b""]
    ones, others = zip(*product(all_kinds, all_kinds), strict=True)
    found = are_near_copies(ones, others)
    assert found.tolist() == [found_alone(*pair) for pair in zip(ones, others, strict=True)]
    assert found.sum() > 2 * len(altered)
    assert are_near_copies([], []).tolist() == []


def found_alone(one: bytes, other: bytes) -> bool:
    known = LikenessIndex[int]()
    known.add(0, one)
    return known.find(other) is not None


def test_the_right_one_of_many_is_found() -> None:
    known = LikenessIndex[str]()
    for seed in range(100):
        known.add(f"photo {seed}", likeness_of(draw(seed)))
    for seed in (0, 35, 36, 37, 71, 72, 99):
        altered = ALTERED["unevenly cropped"](draw(seed))
        assert known.find(likeness_of(altered)) == f"photo {seed}"


def test_a_mirrored_picture_is_another_one() -> None:
    for seed in range(10):
        image = draw(seed)
        assert not is_near_copy(likeness_of(image), likeness_of(ImageOps.mirror(image)))


def nearly_symmetric(seed: int) -> Image.Image:
    """Nine parts of ten the same on both sides."""
    image = draw(seed)
    symmetric = Image.blend(image, ImageOps.mirror(image), 0.5)
    return Image.blend(symmetric, draw(seed + 1000), 0.1)


def test_a_mirrored_picture_is_another_one_although_it_is_nearly_symmetric() -> None:
    for seed in range(10):
        image = nearly_symmetric(seed)
        copy, mirrored = recoded(image.resize((200, 150))), ImageOps.mirror(image)
        assert is_near_copy(likeness_of(image), likeness_of(copy))
        assert not is_near_copy(likeness_of(image), likeness_of(mirrored))


def test_a_wholly_symmetric_picture_is_a_near_copy_of_itself() -> None:
    image = Image.blend(draw(1), ImageOps.mirror(draw(1)), 0.5)
    assert is_near_copy(likeness_of(image), likeness_of(recoded(image, quality=40)))


def flag(*colours: str) -> Image.Image:
    image = Image.new("RGB", (300, 200))
    for stripe, colour in enumerate(colours):
        image.paste(colour, (stripe * 100, 0, stripe * 100 + 100, 200))
    return image


def test_the_same_forms_in_other_colours_are_not_joined() -> None:
    italy, france = flag("#008c45", "#f4f5f0", "#cd212a"), flag("#000091", "#ffffff", "#e1000f")
    assert not is_near_copy(likeness_of(italy), likeness_of(france))
    assert is_near_copy(likeness_of(italy), likeness_of(recoded(italy.resize((90, 60)))))


def test_plain_areas_are_the_same_where_their_colour_is() -> None:
    known = LikenessIndex[str]()
    for colour in ("white", "black", "gold"):
        known.add(colour, likeness_of(Image.new("RGB", (50, 40), colour)))
    assert known.find(likeness_of(Image.new("RGB", (500, 400), "#fdfdfd"))) == "white"
    assert known.find(likeness_of(Image.new("RGB", (500, 400), "gold"))) == "gold"
    assert known.find(likeness_of(Image.new("RGB", (500, 400), "grey"))) is None
    assert known.find(likeness_of(draw(1))) is None


def test_a_stored_thumbnail_gives_the_likeness_of_its_photo() -> None:
    image = draw(5, (1600, 1200))
    file = BytesIO()
    image.resize((320, 240)).save(file, "WEBP", quality=78)
    one, other = likeness_of(image), likeness_of_file(file.getvalue())
    assert is_near_copy(one, other)
    difference = np.frombuffer(one, np.uint8).astype(int) - np.frombuffer(other, np.uint8)
    assert np.abs(difference).mean() <= 1.5


def test_a_likeness_is_short_and_always_as_long() -> None:
    sizes = [(3, 3), (8, 1000), (31, 33), (4000, 3000)]
    lengths = {len(likeness_of(Image.new("RGB", size, "teal"))) for size in sizes}
    assert lengths == {LIKENESS_BYTES}
    assert LIKENESS_BYTES <= 1500


def test_what_is_no_likeness_is_neither_kept_nor_found() -> None:
    known = LikenessIndex[int]()
    known.add(1, b"")
    known.add(2, b"of an older form")
    assert len(known) == 0
    assert known.find(likeness_of(draw(1))) is None
    known.add(3, likeness_of(draw(1)))
    assert known.find(b"") is None
    assert not is_likeness(b"")
    with pytest.raises(OSError, match="cannot identify"):
        likeness_of_file(b"no picture")
