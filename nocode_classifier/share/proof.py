"""Shows that an export answers as the app does: both are asked about the same photos."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from nocode_classifier.errors import InputError, NotProven
from nocode_classifier.predict.headers import open_photo
from nocode_classifier.predict.predictor import ModelError, PhotoError, Predictor, read_photo
from nocode_classifier.predict.refusals import Limits
from nocode_classifier.progress import ShouldStop, check_stop, never
from nocode_classifier.share.exporter import Exporter, Proof, Subject

ASKED = 20
DRAWN = 8
ONE_IN = 20
"""One answer in so many may tip over: where two classes are as likely as each other, a difference
far below the tolerance is enough."""

_FORMATS, _MODES = {"JPEG", "PNG", "WEBP"}, {"L", "RGB", "RGBA"}
_LIMITS = Limits(max_bytes=15_000_000, max_pixels=40_000_000, max_jpeg_pixels=40_000_000)
"""Servers turn bigger ones away, and all is decoded in full here."""
_WHOLE = 1 << 30  # pixels: no photo is that large, so none is reduced


def prove(
    exporter: Exporter,
    made: Path,
    subject: Subject,
    work: Path,
    *,
    should_stop: ShouldStop = never,
) -> Proof | None:
    """Ask an export and the app about the same photos.

    Args:
        exporter: made it.
        made: the export, where it was built.
        subject: what it was made from.
        work: an empty folder, on the same disk.
        should_stop: asked before every photo.

    Returns:
        The proof; None when it has no model that could be asked.

    Raises:
        CantAsk: it can't be asked on this computer.
        NotProven: it does not open, does not answer, or answers differently.
        InputError: the app's own model can't be used.
        Cancelled: Stop was pressed.
    """
    if subject.model is None:
        return None
    chosen, place = work / "photos", work / "opened"
    chosen.mkdir()
    place.mkdir()
    drawn = not subject.photos
    photos = drawn_pictures(chosen) if drawn else proof_photos(subject.photos, chosen, ASKED)
    answers = exporter.ask(made, subject, photos, place, should_stop=should_stop)
    if len(answers) != len(photos):
        raise NotProven(f"The export gave {len(answers)} answers to {len(photos)} photos.")
    app = _predictor(subject.model)
    same, asked, worst = 0, 0, 0.0
    for photo, answer in zip(photos, answers, strict=True):
        check_stop(should_stop)
        if answer is None:
            continue
        own = app.predict(photo)
        asked += 1
        same += answer.label == own.label and answer.sure in (None, own.sure)
        worst = max(worst, _difference(answer.probabilities, own.probabilities))
    return _judged(Proof(same, asked, worst, drawn), exporter)


def proof_photos(candidates: Sequence[Path], folder: Path, count: int) -> list[Path]:
    """Photos that every program opens and shows alike.

    Where there are too few, others (HEIC, TIFF, CMYK and the like) are written anew as PNG, without
    loss. What can't be read any more is passed over.
    """
    plain = list(islice(filter(_is_plain, candidates), count))
    if len(plain) < count:
        taken = set(plain)
        others = [path for path in candidates if path not in taken]
        for number, path in enumerate(others[: count - len(plain)]):
            try:
                pixels = read_photo(path, short_side=_WHOLE, limits=_LIMITS)
            except PhotoError:
                continue
            plain.append(folder / f"{number}.png")
            Image.fromarray(pixels).save(plain[-1])
    return plain


def drawn_pictures(folder: Path) -> list[Path]:
    """Pictures of several sizes to ask about when there are no photos: blotches and noise."""
    paths = []
    for seed in range(DRAWN):
        random = np.random.default_rng(seed)
        width, height = (int(side) for side in random.integers(60, 900, 2))
        blotches = random.integers(0, 256, (5, 5, 3)).astype(np.uint8)
        picture = Image.fromarray(blotches).resize((width, height), Image.Resampling.BICUBIC)
        grain = random.normal(0, 12, (height, width, 3))
        values = (np.asarray(picture, np.float32) + grain).clip(0, 255).astype(np.uint8)
        paths.append(folder / f"drawn-{seed}.png")
        Image.fromarray(values).save(paths[-1])
    return paths


def _is_plain(path: Path) -> bool:
    try:
        image = open_photo(path.read_bytes(), _LIMITS)
        plain = image.format in _FORMATS and image.mode in _MODES
        return plain and read_photo(path).size > 0  # one that is cut off shows only now
    except (OSError, PhotoError):
        return False


def _predictor(model: Path) -> Predictor:
    try:
        return Predictor(model)
    except ModelError as error:
        raise InputError(str(error)) from error


def _difference(answer: dict[str, float], own: dict[str, float]) -> float:
    if answer.keys() != own.keys():
        return 1.0
    return max(abs(answer[name] - value) for name, value in own.items())


def _judged(proof: Proof, exporter: Exporter) -> Proof | None:
    """The proof, if it is one.

    Raises:
        NotProven: answers differ by more than rounding explains.
    """
    if proof.asked == 0:
        return None
    tipped = -(-proof.asked // ONE_IN)
    if proof.worst > exporter.tolerance or proof.same < proof.asked - tipped:
        raise NotProven(
            f"The export does not answer as the app does ({proof.sentence}; probabilities differ "
            f"by up to {proof.worst:.3f}), so it was not handed over. Train again, then export."
        )
    return proof
