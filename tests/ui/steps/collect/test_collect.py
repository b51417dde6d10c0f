from __future__ import annotations

import base64
import io
import itertools
import threading
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from nocode_classifier.collect import intake
from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.errors import Busy, InputError, NotReady
from nocode_classifier.main import build_services
from nocode_classifier.project.project import Project
from nocode_classifier.ui.kit.part import named
from nocode_classifier.ui.state import REVIEW, Services
from nocode_classifier.ui.steps.collect import adding
from nocode_classifier.ui.steps.collect import step as collect
from nocode_classifier.ui.steps.collect.card_values import LATEST, missing_sentence
from nocode_classifier.ui.steps.collect.step import Choice
from nocode_classifier.ui.uploads import Uploaded, sort_uploads, uploaded_files
from tests.patience import PATIENCE


def drawn(seed: int, side: int = 48) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    return folder


@pytest.fixture
def services(temporary_home: Path, uploads: Path) -> Services:
    return build_services(temporary_home)


@pytest.fixture
def project(services: Services) -> Project:
    return services.library.create("Pets", ["cat", "dog"])


def sent(uploads: Path, relative: str, data: bytes) -> dict[str, str]:
    """A file as Gradio's upload leaves it and as the page tells of it."""
    place = uploads / f"{abs(hash(relative)):x}" / PurePosixPath(relative).name
    place.parent.mkdir()
    place.write_bytes(data)
    return {"path": str(place), "relative": relative}


RUNS = itertools.count()


def drop(project: Project, files: Sequence[dict[str, str]], **changes: Any) -> gr.EventData:
    asked = {
        "project_id": project.id,
        "class_id": project.classes()[0].id,
        "on_card": False,
        "source": "upload",
        "run": str(next(RUNS)),
        "files": list(files),
        "refused": [],
    }
    return gr.EventData(None, {**asked, **changes})


def add(services: Services, project: Project, event: gr.EventData) -> dict[str, Any]:
    """Add, wait for the job, and give what the dropzone shows afterwards."""
    collect.add(services, event)
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    shown = collect.show(services, project.id, Choice(), "")
    return dict(shown[1])


def counts(project: Project) -> dict[str, int]:
    numbers = project.counts()
    return {label.name: numbers[label.id] for label in project.classes()}


def test_dropped_photos_go_to_the_chosen_class(
    services: Services, project: Project, uploads: Path
) -> None:
    files = [sent(uploads, f"{n}.jpg", drawn(n)) for n in range(3)]
    shown = add(services, project, drop(project, files, class_id=project.class_named("dog").id))
    assert counts(project) == {"cat": 0, "dog": 3}
    assert shown["report"] == {
        "sentence": "Added 3 to 'dog'.",
        "tone": "good",
        "refusals": [],
        "more": 0,
    }


def test_only_the_last_press_chooses_a_class(services: Services, project: Project) -> None:
    cat, dog = project.classes()
    pressed = collect.choose(services, Choice(), gr.EventData(None, {"id": dog.id, "turn": 2}))
    assert pressed == Choice(dog.id, 2)
    late = gr.EventData(None, {"id": cat.id, "turn": 1})  # was pressed before, comes after
    assert collect.choose(services, pressed, late) == pressed
    same, drops, shots, *_ = collect.show(services, project.id, pressed, "")
    assert same == (drops["chosen"], drops["turn"]) == (shots["chosen"], shots["turn"]) == pressed


def test_uploads_are_deleted_once_taken_in(
    services: Services, project: Project, uploads: Path
) -> None:
    add(services, project, drop(project, [sent(uploads, "1.jpg", drawn(1))]))
    assert list(uploads.iterdir()) == []


def test_a_folder_with_a_sub_folder_a_class_makes_its_classes(
    services: Services, project: Project, uploads: Path
) -> None:
    names = ["pets/Cat/1.jpg", "pets/Cat/2.jpg", "pets/bird 🐦/3.jpg", "pets/.trash/4.jpg"]
    files = [sent(uploads, name, drawn(n)) for n, name in enumerate(names)]
    add(services, project, drop(project, files, source="folder"))
    assert counts(project) == {"cat": 2, "dog": 0, "bird 🐦": 1}
    assert {photo.source for photo in project.photos()} == {"folder"}


def test_folders_do_not_count_when_dropped_on_a_card(
    services: Services, project: Project, uploads: Path
) -> None:
    files = [sent(uploads, name, drawn(n)) for n, name in enumerate(["a/x/1.jpg", "a/y/2.jpg"])]
    add(services, project, drop(project, files, on_card=True))
    assert counts(project) == {"cat": 2, "dog": 0}


def test_an_archive_is_opened(services: Services, project: Project, uploads: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("cat/1.jpg", drawn(1))
        archive.writestr("dog/2.jpg", drawn(2))
    add(services, project, drop(project, [sent(uploads, "pets.zip", packed.getvalue())]))
    assert counts(project) == {"cat": 1, "dog": 1}


def test_the_report_names_every_file_that_stayed_out(
    services: Services, project: Project, uploads: Path
) -> None:
    files = [sent(uploads, "page.jpg", b"<html>no</html>"), sent(uploads, "1.jpg", drawn(1))]
    refused = [{"name": "film.mp4", "reason": "This is not a photo."}]
    report = add(services, project, drop(project, files, refused=refused))["report"]
    assert report["sentence"] == "Added 1 to 'cat'. 2 could not be used."
    assert {one["name"] for one in report["refusals"]} == {"page.jpg", "film.mp4"}


def test_photos_that_are_here_already_are_said_to_be(
    services: Services, project: Project, uploads: Path
) -> None:
    add(services, project, drop(project, [sent(uploads, "1.jpg", drawn(1))]))
    report = add(services, project, drop(project, [sent(uploads, "again.jpg", drawn(1))]))["report"]
    assert report["sentence"] == "No photos were added. 1 was already here."
    assert report["refusals"][0]["reason"] == "This photo is already in 'cat'."


def test_a_report_goes_when_it_is_dismissed(
    services: Services, project: Project, uploads: Path
) -> None:
    add(services, project, drop(project, [sent(uploads, "1.jpg", drawn(1))]))
    read = collect.dismiss(services, project.id)
    assert collect.show(services, project.id, Choice(), read)[1]["report"] is None


def test_a_path_outside_the_upload_folder_is_refused(uploads: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.jpg"
    outside.write_bytes(drawn(1))
    for path in (outside, uploads / ".." / "secret.jpg", uploads):
        with pytest.raises(InputError):
            uploaded_files([{"path": str(path), "relative": "1.jpg"}])


def test_a_link_in_the_upload_folder_leads_nowhere_else(uploads: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(drawn(1))
    link = uploads / "1.jpg"
    link.symlink_to(tmp_path / "secret.jpg")
    with pytest.raises(InputError):
        uploaded_files([{"path": str(link), "relative": "1.jpg"}])


def test_uploads_are_deleted_when_the_project_is_busy(
    services: Services, project: Project, uploads: Path
) -> None:
    services.jobs.start(project.id, "train", lambda report, should_stop: _until(should_stop))
    with pytest.raises(Busy):
        collect.add(services, drop(project, [sent(uploads, "1.jpg", b"x")]))
    services.jobs.stop_all()
    assert list(uploads.iterdir()) == []


def _until(should_stop: Any) -> None:
    while not should_stop():
        pass


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Photos wait for the photo check until this is set."""
    gate = threading.Event()

    def waiting(*args: Any, **options: Any) -> Any:
        assert gate.wait(PATIENCE)
        return check_photo(*args, **options)

    monkeypatch.setattr(intake, "check_photo", waiting)
    yield gate
    gate.set()


def test_what_is_dropped_while_photos_come_in_waits_behind_them(
    services: Services, project: Project, uploads: Path, held: threading.Event
) -> None:
    cat, dog = project.classes()
    collect.add(services, drop(project, [sent(uploads, "1.jpg", drawn(1))]))
    files = [sent(uploads, f"{n}.jpg", drawn(n)) for n in (2, 3)]
    event = drop(project, files, class_id=dog.id, refused=[{"name": "a.mp4", "reason": "No."}])
    collect.add(services, event)
    shown = collect.show(services, project.id, Choice(), "")[1]
    assert (shown["busy"], shown["report"]) == (None, None)
    held.set()
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    report = collect.show(services, project.id, Choice(), "")[1]["report"]
    assert report["sentence"] == "Added 1 to 'cat' and 2 to 'dog'. 1 could not be used."
    assert project.counts() == {cat.id: 1, dog.id: 2}
    assert list(uploads.iterdir()) == []


def test_stop_is_for_the_drops_that_wait_too(
    services: Services, project: Project, uploads: Path, held: threading.Event
) -> None:
    for number in (1, 2):
        event = drop(project, [sent(uploads, f"{number}.jpg", drawn(number))])
        collect.add(services, event)
    job = services.jobs.current(project.id)
    assert job is not None
    job.stop()
    event = drop(project, [sent(uploads, "3.jpg", drawn(3))])
    with pytest.raises(Busy):
        collect.add(services, event)
    assert collect.show(services, project.id, Choice(), "")[1]["busy"]
    held.set()
    assert job.wait(PATIENCE)
    report = collect.show(services, project.id, Choice(), "")[1]["report"]
    assert report["sentence"] == "Stopped. No photos were added."
    assert list(uploads.iterdir()) == []


def test_a_drop_that_comes_when_the_last_was_taken_has_a_job_of_its_own(
    services: Services, project: Project, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, go_on = threading.Event(), threading.Event()
    refused, join = threading.Event(), adding.UploadQueue.join

    def slowly(reports: list[intake.IntakeReport]) -> intake.IntakeReport:
        taken.set()
        assert go_on.wait(PATIENCE)
        return intake.joined(reports)

    def too_late(queue: adding.UploadQueue, drop: adding.Drop) -> bool:
        in_time = join(queue, drop)
        if not in_time:
            refused.set()
        return in_time

    monkeypatch.setattr(adding, "joined", slowly)
    monkeypatch.setattr(adding.UploadQueue, "join", too_late)
    events = [drop(project, [sent(uploads, f"{n}.jpg", drawn(n))]) for n in (1, 2)]
    collect.add(services, events[0])
    first = services.jobs.current(project.id)
    assert taken.wait(PATIENCE)
    late = threading.Thread(target=collect.add, args=(services, events[1]))
    late.start()
    assert refused.wait(PATIENCE)
    go_on.set()
    late.join(20)
    second = services.jobs.current(project.id)
    assert second is not None
    assert second is not first
    assert second.wait(PATIENCE)
    assert len(project.photos()) == 2
    assert list(uploads.iterdir()) == []


def test_drops_that_were_uploaded_in_one_go_are_told_of_together(
    services: Services, project: Project, uploads: Path
) -> None:
    dog = project.class_named("dog").id
    first = drop(project, [sent(uploads, "1.jpg", b"no photo")], run="one")
    second = drop(project, [sent(uploads, "2.jpg", drawn(2))], run="one", class_id=dog)
    assert add(services, project, first)["report"]["sentence"].startswith("No photos were added.")
    report = add(services, project, second)["report"]
    assert report["sentence"] == "Added 1 to 'dog'. 1 could not be used."
    assert [one["name"] for one in report["refusals"]] == ["1.jpg"]
    later = drop(project, [sent(uploads, "3.jpg", drawn(3))], run="two")
    assert add(services, project, later)["report"]["sentence"] == "Added 1 to 'cat'."


def test_a_cancelled_drop_leaves_nothing_behind(services: Services, uploads: Path) -> None:
    file = sent(uploads, "1.jpg", drawn(1))
    collect.throw_away(services, {"paths": [file["path"]]})
    assert list(uploads.iterdir()) == []


def test_nothing_but_hidden_files_is_said_to_be_nothing(
    services: Services, project: Project, uploads: Path
) -> None:
    with pytest.raises(NotReady):
        collect.add(services, drop(project, [sent(uploads, "a/.hidden", b"x")]))


@pytest.mark.parametrize(
    ("paths", "classes"),
    [
        (["1.jpg"], [None]),
        (["holiday/1.jpg"], [None]),
        (["Dog/1.jpg"], ["Dog"]),
        (["holiday/DCIM/1.jpg"], [None]),
        (["holiday/dog/1.jpg"], ["dog"]),
        (["pets/cat/1.jpg", "pets/hen/2.jpg", "pets/3.jpg"], ["cat", "hen", None]),
        (["cat/1.jpg", "hen/2.jpg", "3.jpg"], ["cat", "hen", None]),
        (["x/train/cat/1.jpg", "x/valid/hen/2.jpg"], ["cat", "hen"]),
        (["cat/2023/1.jpg", "cat/2024/2.jpg", "cat/old/3.jpg"], ["cat", "cat", "cat"]),
        (["holiday/2023/1.jpg", "holiday/2024/2.jpg"], [None, None]),
        (["dog/1.jpg", "1.jpg"], ["dog", None]),
        (["zoo/animals/cat/1.jpg", "zoo/pets/dog/2023/2.jpg"], ["cat", "dog"]),
    ],
)
def test_folders_name_classes_only_where_they_mean_to(
    paths: list[str], classes: list[str | None]
) -> None:
    places = [PurePosixPath(path) for path in paths]
    found = sort_uploads([Uploaded(Path(path), path) for path in places], ["cat", "dog"])
    assert [found.classes[path] for path in places] == classes


def test_the_shots_of_one_press_share_a_burst(services: Services, project: Project) -> None:
    for number in (1, 2):
        picture = base64.b64encode(drawn(number)).decode()
        asked = {
            "project_id": project.id,
            "class_id": project.classes()[1].id,
            "burst": "b1",
            "number": number,
            "photo": f"data:image/jpeg;base64,{picture}",
        }
        assert collect.keep_shot(services, asked) == {}
    assert [(photo.source, photo.burst) for photo in project.photos()] == [("camera", "b1")] * 2


def test_a_shot_without_a_picture_is_refused_in_a_sentence(
    services: Services, project: Project
) -> None:
    asked = {"project_id": project.id, "class_id": 1, "burst": "b", "number": 1, "photo": "data:,"}
    assert "camera" in collect.keep_shot(services, asked)["refused"]


def test_a_script_hears_what_the_core_refuses(services: Services) -> None:
    answer = named("keep_shot", lambda asked: collect.keep_shot(services, asked))
    assert set(answer({"project_id": "gone"})) == {"refused"}


def test_cards_say_what_is_missing() -> None:
    said = [missing_sentence(count) for count in (0, 1, 3, 30)]
    assert said == [
        "At least 2 photos; 30 or more work much better",
        "At least 1 more photo; 30 or more work much better",
        "Enough to start; 30 or more work much better",
        None,
    ]


def test_a_class_that_is_gone_is_not_chosen_any_more(services: Services, project: Project) -> None:
    first, second = project.classes()
    assert collect.show(services, project.id, Choice(second.id), "")[0] == Choice(second.id)
    project.remove_class(second.id)
    assert collect.show(services, project.id, Choice(second.id), "")[0] == Choice(first.id)


def test_a_card_shows_the_newest_photos_first(
    services: Services, project: Project, uploads: Path
) -> None:
    files = [sent(uploads, f"{n}.jpg", drawn(n)) for n in range(15)]
    card = add(services, project, drop(project, files))["classes"][0]
    newest = [photo.sha256 for photo in reversed(project.photos())]
    assert (card["count"], card["latest"]) == (15, newest[:LATEST])


def test_review_waits_for_photos(services: Services, project: Project, uploads: Path) -> None:
    with pytest.raises(NotReady):
        collect.go_on_to_review(services, project.id)
    add(services, project, drop(project, [sent(uploads, "1.jpg", drawn(1))]))
    assert collect.go_on_to_review(services, project.id)[1] == REVIEW


def test_it_opens_once_with_the_class_that_more_photos_are_wanted_of(services: Services) -> None:
    project = services.library.create("Pets", ["cat", "dog"])
    dog = project.class_named("dog")
    pressed = Choice(project.class_named("cat").id, 3)
    chosen, drop, *_, asked = collect.arrive(services, project.id, pressed, "", dog.id)
    assert (chosen, asked) == (Choice(dog.id, 4), None)
    assert (drop["chosen"], drop["turn"]) == (dog.id, 4)
    assert collect.arrive(services, project.id, chosen, "", None)[0] == chosen
