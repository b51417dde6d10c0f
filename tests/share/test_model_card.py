"""What strangers read about a model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from nocode_classifier.project.credits.credits import Credit
from nocode_classifier.share.model_card import CREDITS_SHOWN, model_card
from tests.share.hub.conftest import CARD


def credit(**more: Any) -> Credit:
    usual: dict[str, Any] = {
        "class_name": "hot dog",
        "name": "IMG_0001 my daughter.jpg",
        "title": None,
        "address": None,
        "page": None,
        "source": "File from this computer",
        "licence": None,
        "licence_address": None,
        "creator": None,
        "added_at": datetime(2026, 11, 22, tzinfo=UTC),
        "sha256": "0" * 64,
        "perceptual_hash": "0" * 16,
        "width": 640,
        "height": 480,
    }
    return Credit(**usual | more)


def test_accuracy_never_comes_without_its_interval_and_count() -> None:
    text = model_card(CARD, "Hot dog or not")
    assert "Right on 235 of 250 photos it had not seen: 94.0% (between 90.3% and 96.3%)" in text


def test_it_has_licence_limits_hints_and_mix_ups() -> None:
    text = model_card(CARD, "Hot dog or not")
    assert "efficientnet-lite0 (Apache-2.0)" in text
    assert "Don't let it decide alone where a wrong answer hurts someone" in text
    assert "Ask him about the mustard" in text
    assert "| hot dog | 118 | 7 |" in text


def test_names_of_classes_stay_names() -> None:
    text = model_card(CARD, "<script>alert(1)</script>")
    assert "<script>" not in text
    assert "no \\| \\<hot\\> dog" in text


def test_photos_of_others_are_credited_with_their_licences() -> None:
    found = credit(
        title="Frankfurter [close]",
        page="https://example.org/p/1",
        creator="Ada",
        licence="CC BY 4.0",
        licence_address="https://creativecommons.org/licenses/by/4.0/",
        source="Openverse",
    )
    text = model_card(CARD, "Dogs", [found])
    assert "[Frankfurter \\[close\\]](https://example.org/p/1) by Ada" in text
    assert "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)" in text
    assert "One photo it learnt from are" not in text


def test_what_own_files_are_called_stays_private() -> None:
    assert "daughter" not in model_card(CARD, "Dogs", [credit()])


def test_an_address_that_is_no_link_is_not_made_one() -> None:
    text = model_card(CARD, "Dogs", [credit(title="x", page="javascript:alert(1)")])
    assert "javascript" not in text


def test_very_many_credits_are_counted() -> None:
    many = [credit(page=f"https://example.org/{number}") for number in range(CREDITS_SHOWN + 7)]
    text = model_card(CARD, "Dogs", many)
    assert "… and 7 more." in text


def test_a_model_that_was_not_measured_says_so() -> None:
    bare = {key: value for key, value in CARD.items() if key not in ("accuracy", "confusion")}
    assert "It has not been measured." in model_card(bare, "Dogs")


def test_a_card_leads_with_the_weakest_class_where_classes_are_uneven() -> None:
    uneven = {
        **CARD,
        "accuracy": {**CARD["accuracy"], "correct": 150, "photos": 152},
        "confusion": {"rare": {"rare": 0, "common": 2}, "common": {"rare": 0, "common": 150}},
    }
    text = model_card(uneven, "Uneven")
    assert text.index("Weakest class 'rare': right on 0 of 2") < text.index("150 of 152")


def test_what_could_not_be_measured_is_said_with_its_reason() -> None:
    text = model_card({**CARD, "accuracy": None, "reason": "One scene only."}, "Filmed")
    assert "## How good it is\n\nOne scene only.\n\n## What" in text
