"""The report of one page: whole, light, and private where it is for everyone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nocode_classifier.check.checked import CheckedModel, checked_card, checked_project
from nocode_classifier.check.examples import MOST_BYTES, MOST_WRONG
from nocode_classifier.check.model_check import check_of
from nocode_classifier.check.model_words import made_with
from nocode_classifier.check.report import CREDITS_SHOWN, report_page
from nocode_classifier.check.suspects import Suspect, Suspicion
from nocode_classifier.errors import NotReady
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, HeldOutAnswer, PhotoState
from tests.learning import NewShapes
from tests.share.test_model_card import credit
from tests.small_models import card_of

SURE = {"probability": 0.5, "familiarity": 0.4, "share": 0.86, "accuracy": 0.97}


class Page(HTMLParser):
    """What is on a report: its text, tags, pictures, links and cells of tables."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.text, self.cells = "", 0
        self.tags: set[str] = set()
        self.pictures: list[str] = []
        self.links: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.cells += tag == "td"
        self.pictures += [named["src"]] if "src" in named else []
        self.links += [named["href"]] if "href" in named else []
        assert not [name for name in named if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def answers(names: Sequence[str], right: int, wrong: int) -> list[HeldOutAnswer]:
    """So many of each class, the wrong ones taken for the next one, ever more certainly."""
    found = []
    for place, name in enumerate(names):
        other = names[(place + 1) % len(names)]
        for number in range(right + wrong):
            said = other if number >= right else name
            found.append(HeldOutAnswer(f"{name} {number}", name, said, 0.5 + number / 1000))
    return found


def checked(names: Sequence[str], right: int = 8, wrong: int = 2, **more: Any) -> CheckedModel:
    check = check_of(names, answers(names, right, wrong), SURE)
    usual = CheckedModel("Bears", card_of(*names), check, "cross-validation")
    return replace(usual, **more)


def noisy_picture(sha256: str) -> bytes:
    """A thumbnail that can hardly be made smaller."""
    out = BytesIO()
    pixels = np.random.default_rng(len(sha256)).integers(0, 256, (320, 320, 3), np.uint8)
    Image.fromarray(pixels).save(out, "WEBP", quality=80)
    return out.getvalue()


def test_a_report_needs_nothing_from_anywhere() -> None:
    page = Page(report_page(checked(["black", "grizzly"], picture=noisy_picture)))
    assert page.tags.isdisjoint({"script", "link", "iframe", "object", "form"})
    assert page.links == []
    assert page.pictures
    assert all(each.startswith("data:image/webp;base64,") for each in page.pictures)
    assert "url(" not in report_page(checked(["black", "grizzly"]))


def test_a_report_says_how_good_it_is_with_margin_count_and_method() -> None:
    page = Page(report_page(checked(["black", "grizzly"])))
    assert "Right on 16 of 20 photos it had not seen: 80.0% (between 54.8% and 93.0%)" in page.text
    assert "Measured by cross-validation." in page.text
    assert "'black' was taken for 'grizzly' 2 of 10 times." in page.text
    assert "it answers 86 of 100 photos, and is right on 97 of 100 of these." in page.text
    assert "Don't let it decide alone where a wrong answer hurts someone" in page.text


def test_sure_means_what_the_line_in_use_means() -> None:
    careful = {**SURE, "probability": 0.9, "photos": 200, "answered": 120, "right": 118}
    lines = [SURE, {**careful, "share": 0.6, "accuracy": 0.983}]
    check = check_of(["a", "b"], answers(["a", "b"], 3, 1), {**SURE, "choices": lines, "chosen": 1})
    page = Page(report_page(checked(["a", "b"], check=check)))
    assert "has a probability of at least 90%" in page.text
    assert "So it answers 60 of 100 photos, and is right on 98 of 100 of these (of 200" in page.text


@pytest.mark.parametrize(("classes", "cells"), [(2, 6), (50, 50 * 51), (51, 0)])
def test_a_matrix_of_up_to_fifty_classes_is_shown(classes: int, cells: int) -> None:
    names = [f"class {number}" for number in range(classes)]
    page = Page(report_page(checked(names)))
    by_class = 4 * classes
    assert page.cells == by_class + cells
    assert "'class 0' was taken for 'class 1' 2 of 10 times." in page.text


def test_a_report_of_very_many_detailed_photos_is_light() -> None:
    names = [f"class {number}" for number in range(50)]
    source = report_page(checked(names, wrong=40, picture=noisy_picture))
    assert MOST_BYTES / 2 < len(source.encode()) < 2_000_000


def test_a_damaged_picture_is_left_out() -> None:
    pictures = {"a 0": b"damaged", "a 1": noisy_picture("a 1")}
    page = Page(report_page(checked(["a", "b"], right=2, wrong=0, picture=pictures.get)))
    assert len(page.pictures) == 1


def test_the_wrong_answers_shown_are_those_that_were_furthest_off() -> None:
    seen: list[str] = []

    def picture(sha256: str) -> bytes:
        seen.append(sha256)
        return noisy_picture(sha256)

    page = Page(report_page(checked(["a", "b"], right=3, wrong=30, picture=picture)))
    assert seen[:4] == ["a 32", "b 32", "a 31", "b 31"]
    assert f"{MOST_WRONG} of 60, those furthest off first" in page.text
    assert len(page.pictures) == MOST_WRONG + 6


def test_what_strangers_wrote_stays_text() -> None:
    evil = '"><script>alert(1)</script>'
    found = credit(title=evil, page="javascript:alert(1)", creator=evil, licence=evil)
    page = Page(report_page(checked([evil, "b"], title=evil, credits=[found])))
    assert "script" not in page.tags
    assert page.links == []
    assert evil in page.text


def test_photos_of_others_are_credited_and_own_ones_counted() -> None:
    web = [credit(page=f"https://example.org/{n}", licence="CC0") for n in range(CREDITS_SHOWN + 1)]
    page = Page(report_page(checked(["a", "b"], credits=[*web, credit()])))
    assert "501 of the photos that it learned from are the work of others (CC0: 501)." in page.text
    assert len(page.links) == CREDITS_SHOWN
    assert "… and 1 more." in page.text
    assert "1 photo is from files of whoever made it." in page.text
    assert "daughter" not in page.text


def test_a_model_that_could_not_be_measured_has_a_report_too() -> None:
    card = card_of("a", "b", accuracy=None, confusion={}, by_class={"a": None, "b": None})
    page = Page(report_page(checked_card("Filmed", {**card, "reason": "One scene only."})))
    assert "One scene only." in page.text
    assert "Confusion matrix" not in page.text
    assert page.text.count("not measured") == 2


def test_suspicious_photos_are_counted_by_kind() -> None:
    kinds = [Suspicion.BLURRY, Suspicion.BLURRY, Suspicion.DUPLICATE]
    suspects = tuple(Suspect(str(n), "a", kind, 1.0) for n, kind in enumerate(kinds))
    page = Page(report_page(checked(["a", "b"], suspects=suspects)))
    assert "2 photos are blurry." in page.text
    assert "1 photo is nearly the same as another." in page.text


# Of a project


@pytest.fixture
def project(new_shapes: NewShapes, tmp_path: Path) -> Project:
    return new_shapes(Library(tmp_path / "projects"), "Round or straight?")


def test_the_report_of_a_project_shows_its_photos_under_the_names_of_today(
    project: Project,
) -> None:
    circle = project.class_named("circle")
    project.rename_class(circle.id, "round <one>")
    page = Page(report_page(checked_project(project)))
    assert page.pictures
    assert "round <one>" in page.text
    assert "circle" not in page.text
    assert "Photos or classes have changed since it was trained;" in page.text


def test_the_report_for_everyone_shows_no_photo(project: Project) -> None:
    source = report_page(checked_project(project), pictures=False)
    assert Page(source).pictures == []
    assert len(source) < 40_000


def test_a_photo_that_was_removed_is_not_seen_again(project: Project) -> None:
    before = len(Page(report_page(checked_project(project))).pictures)
    photos = project.photos()
    binned = [Decision(photo.id, state=PhotoState.BINNED) for photo in photos[1:]]
    project.apply(binned, "Removed all but one")
    assert before > 1
    assert len(Page(report_page(checked_project(project))).pictures) <= 1


def test_a_project_without_a_model_has_nothing_to_report(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="train it first"):
        checked_project(Library(tmp_path / "other").create("New", ["a", "b"]))


def test_networks_side_by_side_are_all_named() -> None:
    card = {"backbone": "efficientnet-lite0@224+resnet18@320", "licence": "Apache-2.0"}
    first, _ = made_with(card)
    assert first == (
        "It stands on the pretrained networks efficientnet-lite0 and resnet18 (Apache-2.0)."
    )
