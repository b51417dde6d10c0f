from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nocode_classifier.curves import Curves, Epoch, RateSearch
from nocode_classifier.errors import AppError, Cancelled, InputError, NotFound, Unavailable
from nocode_classifier.predict.predictor import read_photo
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, HeldOutAnswer, NewPhoto, PhotoState
from nocode_classifier.project.tables.runs import NewRun, RunOutcome
from nocode_classifier.project.tables.search_settings import SearchSettings
from tests.project.tables.test_caution import sure_with
from tests.small_models import adopt_model, card_of, write_model


@pytest.fixture
def trained(pets: Project, new_photo: Callable[..., NewPhoto]) -> Project:
    """Six photos, one of them with a place in it, features of all and a model."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRET"
    exif.get_ifd(0x8825).update({1: "N", 2: (47.0, 22.0, 11.0)})
    out = BytesIO()
    Image.fromarray(np.full((20, 30, 3), 90, np.uint8)).save(out, "JPEG", exif=exif)
    cats = pets.class_named("cats").id
    secret = new_photo(data=out.getvalue(), name="C:\\Users\\SECRET\\mia.jpg")
    pets.add_photo(secret, cats)
    pets.set_hints(cats, ["Meow."])
    photos = pets.photos()
    pets.save_features("lite0", {p.sha256: f"features of {p.id}".encode() for p in photos})
    answers = [
        HeldOutAnswer(p.sha256, name, name, 0.9, struct.pack("<2f", 0.9, 0.1), p.id / 10, p.id)
        for p, name in pets.training_set().photos
    ]
    pets.apply([Decision(1, confirmed=True)], "Marked 1 photo as right")
    with pets.models.new_folder() as folder:
        write_model(folder, card_of("cats", "dogs", sure=sure_with(5)))
        (folder / "notes.pkl").write_bytes(b"SECRET")
        run = NewRun(
            datetime(2026, 11, 1, tzinfo=UTC),
            70.0,
            {"mode": "thorough", "epochs": 2, "augmentation": {"mirror": True, "turn": 5.0}},
            RunOutcome.ADOPTED,
            "Thorough won.",
            correct=7,
            photos=7,
            accuracy=1.0,
            low=0.65,
            high=1.0,
            curves=Curves(
                2, 1e-3, (Epoch(1.0, math.inf, 0.5, 2.0),), RateSearch((0.1,), (1.0,), 0.1), best=0
            ),
        )
        pets.models.adopt(folder, answers, revision_hash=pets.models.fingerprint(), run=run)
    pets.models.choose_sure(3)
    failed = replace(run, outcome=RunOutcome.FAILED, sentence="No room in /home/SECRET.")
    pets.models.record_run(
        replace(failed, correct=None, photos=None, accuracy=None, low=None, high=None)
    )
    return pets


@pytest.fixture
def other(tmp_path: Path) -> Library:
    """Another computer."""
    return Library(tmp_path / "other")


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(path: Path, entries: dict[str, bytes], *, honest: bool = True) -> Path:
    """Write entries; the manifest's sizes and hashes are made right if `honest`."""
    if honest:
        manifest = json.loads(entries["manifest.json"])
        manifest["entries"] = {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in entries.items()
            if name != "manifest.json"
        }
        entries = entries | {"manifest.json": json.dumps(manifest).encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return path


def is_untouched(library: Library) -> bool:
    projects = library.home / "projects"
    return library.projects() == [] and not (projects.exists() and any(projects.iterdir()))


def test_a_project_opens_on_another_computer_with_everything_it_was(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    copy = other.import_file(library.export(trained.id, tmp_path))
    assert (tmp_path / "Pets.nocode").is_file()
    assert copy.name == "Pets"
    assert copy.classes() == trained.classes()
    pairs = list(zip(trained.photos(), copy.photos(), strict=True))
    for before, after in pairs:
        assert (before.width, before.added_at) == (after.width, after.added_at) or before.id == 7
        same = read_photo(trained.path_of(before)) == read_photo(copy.path_of(after))
        assert same.all()
        assert copy.thumbnail_of(after.sha256).is_file()
    assert copy.counts() == trained.counts()
    assert [info.name for info in other.projects()] == ["Pets"]


def test_features_and_held_out_answers_follow_a_photo_to_its_new_hash(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    copy = other.import_file(library.export(trained.id, tmp_path))
    old, new = trained.photos()[-1].sha256, copy.photos()[-1].sha256
    assert old != new
    features = copy.load_features("lite0", [photo.sha256 for photo in copy.photos()])
    assert features[new] == trained.load_features("lite0", [old])[old]
    assert len(features) == 7
    assert [answer.sha256 for answer in copy.models.held_out()] == [p.sha256 for p in copy.photos()]
    folder = copy.models.folder()
    assert folder is not None
    assert {path.name for path in folder.iterdir()} == {"model.onnx", "card.json"}
    assert not copy.models.is_stale()
    copy.add_class("birds")
    assert copy.models.is_stale()


def test_past_trainings_go_along_with_the_current_model_alone(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    copy = other.import_file(library.export(trained.id, tmp_path))
    failed, adopted = copy.models.runs()
    assert adopted == trained.models.runs()[1]
    assert (adopted.model, adopted.current, failed.model) == (True, True, False)
    assert (failed.outcome, failed.accuracy) == (RunOutcome.FAILED, None)
    assert failed.sentence == "It did not come to an end."
    assert (
        other.import_file(other.export(copy.id, tmp_path / "b.nocode")).models.runs()
        == copy.models.runs()
    )


def test_held_out_answers_go_along_whole_and_follow_later_renamings(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    trained.rename_class(trained.class_named("cats").id, "felines")
    copy = other.import_file(library.export(trained.id, tmp_path))
    new_hashes = [photo.sha256 for photo in copy.photos()]
    answers = zip(trained.models.held_out(), new_hashes, strict=True)
    assert copy.models.held_out() == [replace(a, sha256=sha256) for a, sha256 in answers]
    copy.rename_class(copy.class_named("felines").id, "tigers")
    assert copy.models.class_names() == ["tigers", "dogs"]
    assert {answer.true for answer in copy.models.held_out()} == {"tigers", "dogs"}


def test_what_was_confirmed_and_the_chosen_caution_go_along(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    trained.apply([Decision(2, confirmed=True), Decision(3, confirmed=True)], "x")
    trained.apply([Decision(3, class_id=trained.class_named("dogs").id)], "x")
    copy = other.import_file(library.export(trained.id, tmp_path))
    assert [photo.is_confirmed for photo in copy.photos()] == [True, True] + [False] * 5
    assert (copy.models.caution(), copy.photos()[2].confirmed) == (0.3, None)
    copy.models.choose_sure(None)
    folder = copy.models.folder()
    assert folder is not None
    assert json.loads((folder / "card.json").read_text())["sure"]["chosen"] == 1


def test_a_model_whose_answers_have_no_probabilities_goes_along(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    with trained.database.writing() as connection:
        connection.execute("UPDATE held_out SET probabilities = x'', scene = NULL WHERE scene = 2")
    path = library.export(trained.id, tmp_path)
    assert "probabilities.bin" not in unpacked(path)
    answers = other.import_file(path).models.held_out()
    assert {answer.probabilities for answer in answers} == {b""}
    assert [answer.scene for answer in answers] == [1, None, *range(3, 8)]
    adopt_model(trained)
    assert other.import_file(library.export(trained.id, path)).models.held_out() == []


def test_probabilities_that_are_no_numbers_or_too_few_are_refused(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    whole = entries["probabilities.bin"]
    for wrong in (whole[:-8], whole + bytes(8), whole[:-4] + struct.pack("<f", math.nan), b""):
        with pytest.raises(InputError, match="damaged"):
            other.import_file(packed(tmp_path / "b.nocode", entries | {"probabilities.bin": wrong}))
    assert is_untouched(other)


def test_a_stale_model_stays_stale(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    trained.add_class("birds")
    assert other.import_file(library.export(trained.id, tmp_path)).models.is_stale()


def test_nothing_private_and_nothing_binned_is_in_the_file(
    library: Library, trained: Project, tmp_path: Path
) -> None:
    gone = trained.photos()[0]
    trained.apply([Decision(gone.id, state=PhotoState.BINNED)], "Removed 1 photo")
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    assert not [name for name, data in entries.items() if b"SECRET" in data or b"GPS" in data]
    assert f"photos/{gone.sha256}.jpg" not in entries
    assert b"mia.jpg" in entries["project.json"]
    with zipfile.ZipFile(tmp_path / "a.nocode") as file:
        assert {info.date_time[0] for info in file.infolist()} == {1980}


def test_photos_that_differ_in_metadata_alone_become_one(
    library: Library,
    other: Library,
    trained: Project,
    new_photo: Callable[..., NewPhoto],
    tmp_path: Path,
) -> None:
    data = trained.path_of(trained.photos()[0]).read_bytes()
    comment = data[:2] + struct.pack(">BBH", 0xFF, 0xFE, 7) + b"hello" + data[2:]
    trained.add_photo(new_photo(data=comment), trained.class_named("dogs").id)
    copy = other.import_file(library.export(trained.id, tmp_path))
    assert (len(trained.photos()), len(copy.photos())) == (8, 7)
    assert copy.photos()[0].class_id == copy.class_named("cats").id


def test_odd_names_make_a_file_name_for_every_system(library: Library, tmp_path: Path) -> None:
    for name, expected in {
        'a/b\\c:*?"<>|': "a_b_c.nocode",
        "CON": "CON_.nocode",
        "🐈": "project.nocode",
        "Grüße …": "Grüße.nocode",
        "x" * 255: "x" * 60 + ".nocode",
    }.items():
        assert library.export(library.create(name).id, tmp_path).name == expected


def test_stop_leaves_no_file_and_no_project(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    with pytest.raises(Cancelled):
        library.export(trained.id, tmp_path / "a.nocode", should_stop=lambda: True)
    assert not [path for path in tmp_path.iterdir() if path.is_file()]
    path = library.export(trained.id, tmp_path / "a.nocode")
    with pytest.raises(Cancelled):
        other.import_file(path, should_stop=lambda: True)
    assert is_untouched(other)


def test_progress_counts_the_photos(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    path = library.export(
        trained.id, tmp_path / "a.nocode", report=lambda p: seen.append((p.done, p.total))
    )
    assert seen == [(number, 7) for number in range(1, 8)]
    seen.clear()
    other.import_file(path, report=lambda p: seen.append((p.done, p.total)))
    assert seen[-1] == (7, 7)


def test_a_missing_photo_is_named_when_exporting(
    library: Library, trained: Project, tmp_path: Path
) -> None:
    trained.path_of(trained.photos()[2]).unlink()
    with pytest.raises(Unavailable, match=r"'photo 2\.jpg' can't be read"):
        library.export(trained.id, tmp_path / "a.nocode")
    with pytest.raises(InputError, match="no folder"):
        library.export(trained.id, tmp_path / "nowhere" / "a.nocode")


def test_a_file_that_is_none_of_ours_is_refused_with_a_sentence(
    other: Library, tmp_path: Path
) -> None:
    zipped = tmp_path / "b.zip"
    with zipfile.ZipFile(zipped, "w") as file:
        file.writestr("hello.txt", "hello")
    for data in (b"", b"hello", b"PK\x03\x04", b"PK\x05\x06" + b"\xff" * 18):
        (tmp_path / "a.nocode").write_bytes(data)
        with pytest.raises(InputError, match=r"\.$"):
            other.import_file(tmp_path / "a.nocode")
    with pytest.raises(InputError, match="not a project file"):
        other.import_file(zipped)
    with pytest.raises(InputError, match="not a project file"):
        other.import_file(tmp_path)
    with pytest.raises(NotFound):
        other.import_file(tmp_path / "none.nocode")
    assert is_untouched(other)


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "/etc/evil", "photos/../../evil.jpg", "C:\\evil", "photos/evil.jpg", "m.pkl"],
)
def test_an_entry_that_does_not_belong_is_refused(
    library: Library, other: Library, trained: Project, tmp_path: Path, name: str
) -> None:
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    with pytest.raises(InputError, match="does not belong there"):
        other.import_file(packed(tmp_path / "b.nocode", entries | {name: b"evil"}))
    assert is_untouched(other)
    assert not list(tmp_path.rglob("*evil*"))


def test_changed_bytes_are_noticed(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    photo = next(name for name in entries if name.startswith("photos/"))
    for name in (photo, "model/model.onnx", "features/0.bin", "project.json"):
        changed = entries | {name: bytes(reversed(entries[name]))}
        for honest in (False, True):
            if honest and name.startswith(("model", "features")):
                continue
            with pytest.raises(InputError, match="damaged"):
                other.import_file(packed(tmp_path / "b.nocode", changed, honest=honest))
            assert is_untouched(other)


def test_what_is_missing_is_noticed(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    for name in entries:
        less = {key: data for key, data in entries.items() if key != name}
        if name in ("manifest.json", "model/model.onnx", "model/card.json"):
            continue
        if name.startswith("CREDITS"):
            continue
        with pytest.raises(InputError, match="damaged"):
            other.import_file(packed(tmp_path / "b.nocode", less))
    whole = (tmp_path / "a.nocode").read_bytes()
    for length in range(0, len(whole), len(whole) // 9):
        (tmp_path / "b.nocode").write_bytes(whole[:length])
        with pytest.raises(InputError):
            other.import_file(tmp_path / "b.nocode")
    assert is_untouched(other)


def test_an_expansion_bomb_is_refused(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    bomb = entries | {"features/1.bin": bytes(60 * 1024**2)}
    with pytest.raises(InputError, match="grows too large"):
        other.import_file(packed(tmp_path / "b.nocode", bomb))
    assert is_untouched(other)


def test_a_huge_list_of_entries_is_refused_before_it_is_read(
    other: Library, tmp_path: Path
) -> None:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0x7FFFFFFF, 0, 0)
    (tmp_path / "b.nocode").write_bytes(end)
    with pytest.raises(InputError, match="too many"):
        other.import_file(tmp_path / "b.nocode")


def test_a_file_of_a_newer_version_says_so(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    manifest = json.loads(entries["manifest.json"]) | {"format_version": 99}
    newer = entries | {"manifest.json": json.dumps(manifest).encode(), "video/1.mp4": b"new"}
    with pytest.raises(Unavailable, match="newer version"):
        other.import_file(packed(tmp_path / "b.nocode", newer))


WRONG: tuple[tuple[tuple[str | int, ...], Any], ...] = (
    (("name",), 5),
    (("name",), "\n"),
    (("name",), "\ud800"),
    (("classes",), None),
    (("classes", 0), "cats"),
    (("classes", 0, "name"), ""),
    (("classes", 0, "name"), "DOGS"),
    (("classes", 0, "colour"), -1),
    (("classes", 0, "colour"), 10**30),
    (("classes", 0, "hints"), [1]),
    (("photos",), {}),
    (("photos", 0), None),
    (("photos", 0, "sha256"), "../../x"),
    (("photos", 0, "suffix"), ".exe"),
    (("photos", 0, "class"), 2),
    (("photos", 0, "class"), True),
    (("photos", 0, "class"), "0"),
    (("photos", 0, "perceptual_hash"), "zz"),
    (("photos", 0, "name"), ["x"]),
    (("photos", 0, "name"), "x" * 5000),
    (("photos", 0, "added_at"), "yesterday"),
    (("photos", 0, "added_at"), "2026-01-01"),
    (("photos", 0, "title"), ["x"]),
    (("photos", 0, "licence_address"), "https://" + "x" * 5000),
    (("classes", 0, "search"), "cat"),
    (("classes", 0, "search", "words"), "cat"),
    (("classes", 0, "search", "sources"), ["Open verse"]),
    (("classes", 0, "search", "licence"), "free"),
    (("classes", 0, "search", "count"), 0),
    (("features", 0, "items"), [["x", 1]]),
    (("features", 0, "items"), []),
    (("features", 0, "entry"), "project.json"),
    (("model", "stale"), "no"),
    (("model", "held_out", 0, "p"), 2),
    (("model", "held_out", 0, "p"), float("nan")),
    (("model", "held_out", 0, "true"), None),
    (("model", "held_out", 0, "familiarity"), float("nan")),
    (("model", "held_out", 0, "familiarity"), "much"),
    (("model", "held_out", 0, "scene"), -1),
    (("model", "classes"), "cats"),
    (("model", "classes"), []),
    (("model", "classes"), [0]),
    (("model", "classes"), [0, 2]),
    (("model", "classes"), [0, True]),
    (("model", "probabilities"), None),
    (("photos", 0, "confirmed"), "yes"),
    (("caution",), -1),
    (("caution",), 1.5),
    (("runs",), {}),
    (("runs", 0, "started"), "yesterday"),
    (("runs", 0, "started"), "2026-01-01"),
    (("runs", 0, "seconds"), float("nan")),
    (("runs", 0, "outcome"), "won"),
    (("runs", 0, "sentence"), "x" * 5000),
    (("runs", 0, "accuracy"), 2),
    (("runs", 0, "correct"), None),
    (("runs", 0, "settings"), None),
    (("runs", 0, "settings", "mode"), ["thorough"]),
    (("runs", 0, "settings", "augmentation", "turn"), {}),
    (("runs", 0, "settings", "epochs"), float("inf")),
    (("runs", 0, "curves"), 5),
    (("runs", 0, "curves", "epochs"), [5]),
    (("runs", 0, "curves", "epochs", 0, "train_loss"), "nan"),
    (("runs", 0, "curves", "rate"), float("nan")),
    (("runs", 0, "curves", "best"), 7),
    (("runs", 0, "curves", "search", "losses"), []),
    (("runs", 1, "current"), True),
)


@pytest.mark.parametrize(("place", "value"), WRONG, ids=[str(place) for place, _ in WRONG])
def test_a_wrong_value_anywhere_is_refused_with_a_sentence(
    library: Library,
    other: Library,
    trained: Project,
    tmp_path: Path,
    place: tuple[str | int, ...],
    value: object,
) -> None:
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    content = json.loads(entries["project.json"])
    inner = content
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    wrong = entries | {"project.json": json.dumps(content).encode()}
    with pytest.raises(AppError, match=r"^[A-Z].*\.$"):
        other.import_file(packed(tmp_path / "b.nocode", wrong))
    assert is_untouched(other)


def test_a_page_that_is_no_web_address_is_left_out(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    content = json.loads(entries["project.json"])
    content["photos"][0]["page"] = "javascript:alert(1)"
    content["photos"][1]["page"] = "https://example.org/a"
    changed = entries | {"project.json": json.dumps(content).encode()}
    copy = other.import_file(packed(tmp_path / "b.nocode", changed))
    with copy.database.reading() as connection:
        pages = [row[0] for row in connection.execute("SELECT page FROM photos ORDER BY id")]
    assert pages[:2] == [None, "https://example.org/a"]


def test_something_else_under_the_hash_of_a_photo_is_refused(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    page = b"<html><script>alert(1)</script></html>"
    old = next(name for name in entries if name.startswith("photos/"))
    new = f"photos/{hashlib.sha256(page).hexdigest()}.jpg"
    content = entries["project.json"].replace(old[7:71].encode(), new[7:71].encode())
    del entries[old]
    wrong = entries | {new: page, "project.json": content}
    with pytest.raises(InputError, match="is no photo"):
        other.import_file(packed(tmp_path / "b.nocode", wrong))
    assert is_untouched(other)


ORIGIN = {
    "source": "commons",
    "address": "https://example.org/cat.jpg",
    "page": "https://example.org/cat",
    "title": "A cat",
    "licence": "CC BY 4.0",
    "licence_address": "https://creativecommons.org/licenses/by/4.0/",
    "creator": "Zoë",
}


def test_where_photos_are_from_and_what_was_searched_for_go_with_them(
    library: Library,
    other: Library,
    trained: Project,
    new_photo: Callable[..., NewPhoto],
    tmp_path: Path,
) -> None:
    trained.add_photo(new_photo(8, **ORIGIN), 1)
    search_settings = SearchSettings(
        ("Katze", "cat in snow"), ("commons",), "reuse", 40, photos_only=False
    )
    trained.search_results.save_search_settings(1, search_settings)
    copy = other.import_file(library.export(trained.id, tmp_path))
    photo = copy.photos()[-1]
    assert {key: getattr(photo, key) for key in ORIGIN} == ORIGIN
    cats, dogs = (copy.search_results.search_settings(label.id) for label in copy.classes())
    assert (cats, dogs) == (search_settings, SearchSettings())


def test_every_export_holds_the_credits_under_the_names_its_photos_have(
    library: Library, trained: Project, new_photo: Callable[..., NewPhoto], tmp_path: Path
) -> None:
    trained.add_photo(new_photo(8, **ORIGIN), 1)
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    rows = list(csv.DictReader(io.StringIO(entries["CREDITS.csv"].decode("utf-8-sig"))))
    photos = {Path(name).stem: name for name in entries if name.startswith("photos/")}
    assert {row["sha256"] for row in rows} == set(photos)
    assert len(rows) == len(photos) == 8
    (cat,) = [row for row in rows if row["creator"] == "Zoë"]
    assert (cat["class"], cat["source"], cat["licence"]) == (
        "cats",
        "Wikimedia Commons",
        "CC BY 4.0",
    )
    page = entries["CREDITS.html"].decode()
    assert f'src="{photos[cat["sha256"]]}"' in page


def test_a_file_of_the_first_version_is_still_opened(
    library: Library, other: Library, trained: Project, tmp_path: Path
) -> None:
    entries = unpacked(library.export(trained.id, tmp_path / "a.nocode"))
    content = json.loads(entries["project.json"])
    for photo in content["photos"]:
        del photo["title"], photo["licence_address"], photo["confirmed"]
    for label in content["classes"]:
        del label["search"]
    for answer in content["model"]["held_out"]:
        del answer["familiarity"], answer["scene"]
    del content["runs"], content["caution"]
    del content["model"]["classes"], content["model"]["probabilities"]
    manifest = json.loads(entries["manifest.json"]) | {"format_version": 1}
    newer = ("CREDITS", "probabilities")
    old = {name: data for name, data in entries.items() if not name.startswith(newer)}
    old |= {
        "project.json": json.dumps(content).encode(),
        "manifest.json": json.dumps(manifest).encode(),
    }
    copy = other.import_file(packed(tmp_path / "b.nocode", old))
    assert len(copy.photos()) == 7
    assert not copy.models.is_stale()
    assert [(run.model, run.current) for run in copy.models.runs()] == [(True, True)]
    assert (copy.models.caution(), copy.photos()[0].confirmed) == (None, None)
    assert copy.models.held_out()[0].probabilities == b""
    assert copy.models.class_names() == ["cats", "dogs"]
    assert copy.search_results.search_settings(1) == SearchSettings()
