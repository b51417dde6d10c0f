"""What will be public is known before it is, and holds no photo that nobody agreed to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from nocode_classifier.collect.licences import ALL_RIGHTS_RESERVED
from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.hub.kinds import GRADIO, ZERO_GPU, Visibility
from nocode_classifier.share.hub.names import check_name, space_name
from nocode_classifier.share.hub.readme import space_readme
from tests.fakes.hub_space import front_matter, problems_of
from tests.project.conftest import make_photo
from tests.share.hub.conftest import CARD, Planner, make_page


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """One photo of one's own, one under a free licence, one that may not be shown."""
    project = Library(tmp_path / "home").create("Hot dogs", ["hot dog", "cold dog"])
    label = project.class_named("hot dog").id
    project.add_photo(make_photo(1), label)
    page = "https://example.org/a"
    project.add_photo(make_photo(2, source="openverse", page=page, licence="CC BY 4.0"), label)
    page = "https://example.org/b"
    project.add_photo(make_photo(3, source="bing", page=page, licence=ALL_RIGHTS_RESERVED), label)
    return project


def test_a_plan_lists_every_file_with_its_size(plans: Planner) -> None:
    planned = plans()
    paths = [file.path for file in planned.files]
    assert paths == ["README.md", "index.html", "model/graph.onnx", "tiny.bin"]
    assert planned.size == sum((planned.folder / path).stat().st_size for path in paths)


def test_a_plan_says_what_people_will_read(plans: Planner) -> None:
    text = " ".join(plans().sentences)
    assert "ada/dogs, and everyone on the internet can see and use it" in text
    assert "hot dog, no | <hot> dog" in text
    assert "1 hint" in text
    assert "None of your photos will be there." in text
    private = " ".join(plans(visibility=Visibility.PRIVATE).sentences)
    assert "only you can see" in private


def test_photos_are_not_there_unless_ticked(plans: Planner, project: Project) -> None:
    planned = plans(subject=Subject("Dogs", plans.model, (), project))
    assert not [file for file in planned.files if file.path.endswith(".jpg")]
    assert (planned.photos, planned.credited) == (0, 2)


def test_a_photo_that_got_among_the_files_is_noticed(plans: Planner, project: Project) -> None:
    photo = project.path_of(project.photos()[0])

    def make_leak(folder: Path, *_: object) -> None:
        folder.mkdir()
        (folder / "index.html").write_text("x")
        (folder / "example.jpg").write_bytes(photo.read_bytes())

    with pytest.raises(InputError, match="one of your photos"):
        plans(subject=Subject("Dogs", plans.model, (), project), make=make_leak)


def test_ticked_photos_come_along_if_they_may(plans: Planner, project: Project) -> None:
    planned = plans(subject=Subject("Dogs", plans.model, (), project), with_photos=True)
    assert (planned.photos, planned.photos_left_out) == (2, 1)
    there = [file.path for file in planned.files if file.path.startswith("photos/1-hot-dog/")]
    assert len(there) == 2
    text = " ".join(planned.sentences)
    assert "2 photos will be there too" in text
    assert "1 photo stays away" in text


def test_ticked_photos_do_not_tell_where_they_were_taken(plans: Planner, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    path = tmp_path / "taken.jpg"
    Image.effect_noise((64, 64), 50).convert("RGB").save(path, exif=exif)
    project = Library(tmp_path / "home").create("Own", ["hot dog"])
    project.add_photo(make_photo(data=path.read_bytes()), project.classes()[0].id)
    planned = plans(subject=Subject("Dogs", plans.model, (), project), with_photos=True)
    files = [planned.folder / file.path for file in planned.files if "photos/" in file.path]
    assert len(files) == 1
    assert b"SecretCamera" not in files[0].read_bytes()


def test_a_token_among_the_files_is_noticed(plans: Planner) -> None:
    def make_leak(folder: Path, *_: object) -> None:
        folder.mkdir()
        (folder / "index.html").write_text("hf_" + "a" * 34)

    with pytest.raises(InputError, match="holds a token"):
        plans(make=make_leak)


def test_files_with_nothing_to_open_are_not_published(plans: Planner) -> None:
    with pytest.raises(InputError, match=r"there is no app\.py"):
        plans(kind=GRADIO, make=make_page)


def test_an_untrained_project_is_not_published(plans: Planner) -> None:
    with pytest.raises(NotReady, match="Train the classifier first"):
        plans(subject=Subject("Dogs", None, ()))


@pytest.mark.parametrize("name", ["", "dogs", "a/b/c", "ada/-x", "ada/x--y", "ada/ö", "ada/x.git"])
def test_names_that_no_space_may_have(name: str) -> None:
    with pytest.raises(InputError):
        check_name(name)


def test_names_are_understood_as_people_give_them() -> None:
    assert check_name("dogs", "ada") == "ada/dogs"
    assert check_name("https://huggingface.co/spaces/ada/dogs") == "ada/dogs"
    assert space_name("Hot dog, or not?") == "hot-dog-or-not"
    assert space_name("Über Äpfel") == "uber-apfel"
    assert space_name("猫と犬") == "my-classifier"


@pytest.mark.parametrize(
    "title", ["Dogs", 'a: "b" # c', "- x", "yes", "\u0085\ufeff\x7fx", "🐶" * 40]
)
@pytest.mark.parametrize("kind", [GRADIO, ZERO_GPU])
def test_the_settings_are_right_whatever_it_is_called(title: str, kind: Any) -> None:
    card = CARD | {"classes": [{"name": title, "hints": []}, {"name": "x" * 90, "hints": []}]}
    text = space_readme(card, title, kind)
    assert problems_of(text) == []
    assert front_matter(text)["sdk"] == "gradio"


def test_a_static_page_asks_for_threads_and_names_its_licence(plans: Planner) -> None:
    settings = front_matter((plans().folder / "README.md").read_text(encoding="utf-8"))
    assert settings["license"] == "apache-2.0"
    assert settings["custom_headers"]["cross-origin-opener-policy"] == "same-origin"
    assert "nocode-classifier" in settings["tags"]


def test_an_unknown_licence_is_called_other() -> None:
    text = space_readme(CARD | {"licence": "Weights-NC-1"}, "Dogs", replace(GRADIO))
    assert yaml.safe_load(text.split("---")[1])["license"] == "other"
