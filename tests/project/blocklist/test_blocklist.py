"""Taking photos down: they leave every project, and nothing brings them back by accident."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageEnhance

from nocode_classifier.errors import InputError, NotFound, PhotoRefused, TakenDown, Unavailable
from nocode_classifier.project.blocklist.blocklist import Blocklist
from nocode_classifier.project.blocklist.blocklist_index import comparing_address
from nocode_classifier.project.library import Library
from nocode_classifier.project.near_copies.likeness import likeness_of_file
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, HeldOutAnswer, NewPhoto, PhotoState
from nocode_classifier.project.tables.search_results import NewSearchResult
from tests.small_models import write_model

KEPT, BINNED = PhotoState.KEPT, PhotoState.BINNED
ADDRESS, PAGE = "https://example.org/cat.jpg", "https://example.org/cats"


def altered(data: bytes) -> bytes:
    """The same picture as other bytes: brighter, and compressed more."""
    out = BytesIO()
    with Image.open(BytesIO(data)) as image:
        ImageEnhance.Brightness(image).enhance(1.05).save(out, "JPEG", quality=60)
    return out.getvalue()


def kept(project: Project) -> list[int]:
    return [photo.id for photo in project.photos()]


def train(project: Project) -> None:
    with project.models.new_folder() as folder:
        write_model(folder)
        answers = [
            HeldOutAnswer(p.sha256, name, name, 0.9) for p, name in project.training_set().photos
        ]
        project.models.adopt(folder, answers, revision_hash=project.models.fingerprint())


def test_a_photo_and_its_near_copies_leave_every_project_also_those_in_the_bin(
    library: Library, pets: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    first = pets.photos()[0]
    binned, other = library.duplicate(pets.id, "Binned"), library.create("Other", ["cats"])
    copy = altered(pets.path_of(first).read_bytes())
    other.add_photo(new_photo(data=copy), 1)
    library.bin(binned.id)
    report = library.take_down(given="the file cat.jpg", sha256=first.sha256)
    assert report.photos == {"Pets": 1, "Binned": 1, "Other": 1}
    assert (kept(pets), kept(other)) == ([2, 3, 4, 5, 6], [])
    assert pets.photo(first.id).taken_down == report.takedown.id
    library.restore(binned.id)
    assert kept(library.open(binned.id)) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "given", [ADDRESS, PAGE, "HTTP://EXAMPLE.ORG/cat.jpg", "http://example.org/cats/#top"]
)
def test_an_address_takes_down_the_picture_or_all_of_a_page(
    library: Library, project: Project, new_photo: Callable[..., NewPhoto], given: str
) -> None:
    project.add_photo(new_photo(1, address=ADDRESS, page=PAGE), 1)
    project.add_photo(new_photo(2, address="https://example.org/dog.jpg"), 2)
    assert library.take_down(given=given, address=given).photos == {"Pets": 1}
    assert kept(project) == [2]


def test_what_was_taken_down_cannot_be_added_again_as_file_copy_or_from_its_address(
    library: Library, pets: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    data = pets.path_of(pets.photos()[0]).read_bytes()
    report = library.take_down(given=PAGE, address=PAGE, sha256=pets.photos()[0].sha256)
    for again in (
        new_photo(data=data),
        new_photo(data=altered(data)),
        new_photo(80, page=PAGE),
        new_photo(81, address=PAGE),
    ):
        with pytest.raises(TakenDown, match=f"taken down on {report.takedown.day}; lift the"):
            pets.add_photo(again, 1)
    assert kept(pets) == [2, 3, 4, 5, 6]
    pets.add_photo(new_photo(82, address=ADDRESS), 1)


def test_a_take_down_of_what_nobody_has_keeps_it_out(
    library: Library, project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    photo = new_photo(5)
    report = library.take_down(given="cat.jpg", likeness=likeness_of_file(photo.thumbnail))
    assert report.sentence == "No project has this photo. It stays out of later searches."
    with pytest.raises(PhotoRefused):
        project.add_photo(photo, 1)
    with pytest.raises(PhotoRefused):
        project.add_photo(new_photo(data=altered(photo.data)), 1)
    project.add_photo(new_photo(6), 1)


def test_restoring_is_refused_and_undo_leaves_it_in_the_bin(
    library: Library, pets: Project
) -> None:
    pets.apply([Decision(1, state=BINNED), Decision(3, state=BINNED)], "Removed 2 photos")
    pets.remove_class(pets.class_named("cats").id)
    library.take_down(given="x", sha256=pets.photo(1).sha256)
    with pytest.raises(InputError, match="taken down"):
        pets.apply([Decision(3, state=KEPT), Decision(1, state=KEPT)], "Restored 2 photos")
    pets.undo()
    pets.undo()
    assert kept(pets) == [2, 3, 4, 5, 6]
    assert pets.apply([Decision(1, class_id=2)], "Moved 1 photo") == 1
    assert pets.photo(1).state is BINNED


def test_models_that_learned_from_it_are_to_be_trained_again(
    library: Library, pets: Project
) -> None:
    untouched, untrained = library.create("Untouched", ["a"]), library.duplicate(pets.id, "New")
    train(pets)
    train(untouched)
    before = pets.revision()
    report = library.take_down(given="x", sha256=pets.photos()[0].sha256)
    assert report.train_again == ("Pets",)
    assert [pets.models.is_stale(), untouched.models.is_stale()] == [True, False]
    assert pets.revision() == before + 1
    assert untrained.photo(1).taken_down
    assert "Train 'Pets' again: its model learned from what is gone now." in report.sentence
    assert report.sentence.startswith("Taken down: 2 photos in 'New' and 'Pets'.")


def test_a_lifted_take_down_leaves_photos_that_can_be_restored(
    library: Library, pets: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    train(pets)
    data = pets.path_of(pets.photos()[0]).read_bytes()
    taken = library.take_down(given="x", sha256=pets.photos()[0].sha256).takedown
    report = library.lift(taken.id)
    assert report.photos == {"Pets": 1}
    assert report.sentence.endswith(
        "1 photo in 'Pets' is still in the bin, where it can be restored."
    )
    assert kept(pets) == [2, 3, 4, 5, 6]
    pets.apply([Decision(1, state=KEPT)], "Restored 1 photo")
    assert kept(pets) == [1, 2, 3, 4, 5, 6]
    assert not pets.models.is_stale()
    pets.add_photo(new_photo(data=altered(data)), 1)
    with pytest.raises(NotFound, match="lifted"):
        library.lift(taken.id)


def test_a_photo_held_by_two_take_downs_stays_until_both_are_lifted(
    library: Library, pets: Project
) -> None:
    sha256 = pets.photos()[0].sha256
    first = library.take_down(given="x", sha256=sha256).takedown
    second = library.take_down(given="y", sha256=sha256)
    assert second.sentence == "This was taken down before; it stays in the bin."
    library.lift(first.id)
    assert pets.photo(1).taken_down == second.takedown.id
    library.lift(second.takedown.id)
    assert pets.photo(1).taken_down is None


def test_finds_that_wait_are_skipped_and_wait_again_once_it_is_lifted(
    library: Library, project: Project
) -> None:
    find = NewSearchResult(ADDRESS, "openverse", "cat", page=PAGE)
    other = NewSearchResult("https://example.org/dog.jpg", "openverse", "dog")
    project.search_results.remember(1, [find, other])
    taken = library.take_down(given=ADDRESS, address=ADDRESS).takedown
    library.take_down(given=PAGE, address=PAGE)
    project.search_results.remember(2, [find])
    assert [project.search_results.tally(number).skipped for number in (1, 2)] == [
        {"taken down": 1}
    ] * 2
    library.lift(taken.id)
    assert project.search_results.tally(1).waiting == 1
    library.lift(library.blocklist.all()[0].id)
    assert project.search_results.tally(1).waiting == 2


def test_an_imported_project_and_an_old_copy_catch_up(
    library: Library, pets: Project, tmp_path: Path
) -> None:
    file = library.export(pets.id, tmp_path)
    shutil.copytree(pets.folder, tmp_path / "backup")
    library.take_down(given="x", sha256=pets.photos()[0].sha256)
    imported = library.import_file(file)
    assert kept(imported) == [2, 3, 4, 5, 6]
    assert len(imported.photos(state=BINNED)) == 1
    shutil.copytree(tmp_path / "backup", library.home / "projects" / "backup")
    assert kept(library.duplicate("backup")) == [2, 3, 4, 5, 6]
    assert kept(library.open("backup")) == [2, 3, 4, 5, 6]


def test_a_project_that_cannot_be_opened_is_named_and_catches_up(
    library: Library, pets: Project
) -> None:
    whole = pets.database.path.read_bytes()
    sha256 = pets.photos()[0].sha256
    pets.database.path.write_bytes(b"no database" * 1000)
    report = library.take_down(given="x", sha256=sha256)
    assert report.missed == (f"Project {pets.id}",)
    assert "Still to do, once it can be opened" in report.sentence
    pets.database.path.write_bytes(whole)
    assert kept(library.open(pets.id)) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "sought",
    [{}, {"address": " "}, {"address": "cat.jpg"}, {"sha256": "abc"}, {"sha256": "z" * 64}],
)
def test_what_nothing_can_be_found_by_is_refused_with_a_sentence(
    library: Library, sought: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match=r"^[A-Z'].*\.$"):
        library.take_down(given="x", **sought)
    assert library.blocklist.all() == []
    assert not library.blocklist.path.exists()


def test_the_list_tells_what_was_given_and_is_seen_by_other_windows_at_once(
    tmp_path: Path,
) -> None:
    one, other = Blocklist(tmp_path / "a" / "list"), Blocklist(tmp_path / "a" / "list")
    assert (other.all(), other.index().token) == ([], "")
    for number in range(30):
        made = one.add(given=f"address {number}", addresses=[f"https://a.org/{number}"], note="Zoë")
        assert other.refuses(f"https://a.org/{number}") == made
        if number % 2:
            one.lift(made.id)
            assert other.refuses(f"https://a.org/{number}") is None
    assert [each.given for each in other.all()] == [f"address {n}" for n in range(0, 30, 2)]
    assert (made.note, made.hashes, made.likenesses) == ("Zoë", (), ())


def test_the_list_is_asked_from_memory_once_it_is_old(tmp_path: Path) -> None:
    blocklist = Blocklist(tmp_path / "list")
    blocklist.add(given="x", hashes=["a" * 64])
    long_ago = time.time() - 60
    os.utime(blocklist.path, (long_ago, long_ago))
    made = blocklist.refuses(sha256="a" * 64)
    blocklist.path.write_bytes(bytes(blocklist.path.stat().st_size))
    os.utime(blocklist.path, (long_ago, long_ago))
    assert made is not None
    assert blocklist.refuses(sha256="a" * 64) is made
    os.utime(blocklist.path)
    with pytest.raises(Unavailable):
        blocklist.refuses(sha256="a" * 64)


def test_a_damaged_list_is_told_and_lets_nothing_in(
    library: Library, project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    library.blocklist.path.write_bytes(b"no database" * 1000)
    for use in (library.blocklist.all, lambda: project.add_photo(new_photo(1), 1)):
        with pytest.raises(Unavailable, match=r"list of take-downs .* is damaged"):
            use()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.org/x", "https://A.org/x/"),
        ("https://a.org:443/x#y", "https://a.org/x"),
        ("https://a.org/caf%C3%A9?a=%20b", "https://a.org/café?a= b"),
    ],
)
def test_addresses_are_compared_by_what_they_lead_to(one: str, other: str) -> None:
    assert comparing_address(one) == comparing_address(other)
    assert comparing_address(one) != comparing_address(f"{other}y")
    assert comparing_address("https://[broken") == "https://[broken"


TAKING_DOWN = """
import hashlib, sys
from pathlib import Path
from nocode_classifier.project.library import Library
library = Library(Path(sys.argv[1]))
print("ready", flush=True)
for sha256 in sys.argv[2:]:
    library.take_down(given=sha256, sha256=sha256)
    print(sha256, flush=True)
"""


@pytest.mark.gate  # kills at random
def test_a_take_down_that_is_killed_is_whole_or_not_there(library: Library, pets: Project) -> None:
    copies = [library.duplicate(pets.id).id for _ in range(4)]
    chance = random.Random(4)
    for photo in pets.photos():
        process = subprocess.Popen(
            [sys.executable, "-c", TAKING_DOWN, str(library.home), photo.sha256],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout as lines:
            assert lines.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.06))
            process.kill()
            done = lines.read()
        process.wait()
        stands = library.blocklist.refuses(sha256=photo.sha256) is not None
        assert stands or not done
        for project_id in (pets.id, *copies):
            there = photo.sha256 in {each.sha256 for each in library.open(project_id).photos()}
            assert there != stands


def test_photos_that_are_added_while_they_are_taken_down_do_not_slip_through(
    library: Library, project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    photos = [new_photo(seed) for seed in range(24)]

    def add() -> None:
        for photo in photos:
            try:
                project.add_photo(photo, 1)
            except TakenDown:
                refused.append(photo.sha256)

    refused: list[str] = []
    adding = threading.Thread(target=add)
    adding.start()
    for photo in photos[::3]:
        library.take_down(given="x", sha256=photo.sha256)
    adding.join()
    taken = {photo.sha256 for photo in photos[::3]}
    there = {photo.sha256 for photo in project.photos()}
    assert not there & taken
    assert there == {photo.sha256 for photo in photos} - taken
    assert len(refused) + len(project.photos(state=BINNED)) == len(taken)
