"""Passes over the photos where nobody chose."""

from __future__ import annotations

import pytest

from nocode_classifier.learn.settings import FEWEST_EPOCHS, Mode
from nocode_classifier.learn.tuning.epochs import usual_epochs


@pytest.mark.parametrize("mode", [Mode.THOROUGH, Mode.FULL])
def test_more_photos_need_fewer_epochs(mode: Mode) -> None:
    found = [usual_epochs(mode, photos) for photos in (30, 500, 3000)]
    assert found[0] > found[-1] >= FEWEST_EPOCHS
    assert found == sorted(found, reverse=True)


def test_no_photos_are_no_reason_to_fail() -> None:
    assert usual_epochs(Mode.THOROUGH, 0) == 8
