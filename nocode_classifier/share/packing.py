"""Files and folders of an export: copied, packed, measured."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

from nocode_classifier.progress import ShouldStop, check_stop, never
from nocode_classifier.share.exporter import Subject

ZIP = ".zip"
PHOTOS = {".jpg", ".jpeg", ".png", ".webp"}
_BEGINNING_OF_TIME = (1980, 1, 1, 0, 0, 0)  # a zip file needs a date; when is nobody's business


def copy_model(subject: Subject, folder: Path) -> None:
    """Put the two files of the model into a folder, its card under the name of today.

    Raises:
        NotReady: there is no model yet.
        InputError: it can't be used.
    """
    card = json.dumps(subject.card(), ensure_ascii=False, indent=2)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(subject.trained() / "model.onnx", folder / "model.onnx")
    (folder / "card.json").write_text(card, encoding="utf-8")


def write_text(file: Path, text: str) -> None:
    """Write a text with the same line ends on every system."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def pack_folder(folder: Path, file: Path, *, should_stop: ShouldStop = never) -> Path:
    """Pack a folder into an archive that unpacks to one folder, and return the archive."""
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            check_stop(should_stop)
            name = (folder.name / path.relative_to(folder)).as_posix()
            info = zipfile.ZipInfo(name, _BEGINNING_OF_TIME)
            info.external_attr = 0o644 << 16
            squeezed = path.suffix.lower() in PHOTOS
            info.compress_type = zipfile.ZIP_STORED if squeezed else zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as entry:
                shutil.copyfileobj(source, entry, 1 << 20)
    return file


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in files if file.is_file())
