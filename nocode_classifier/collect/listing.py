"""The files below a folder, whatever lies among them: links, loops, folders that stay closed."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from nocode_classifier.collect.intake import Refusal
from nocode_classifier.collect.layout import is_ignored, readable

LINK_LOOP = "This is a link that leads to itself or can't be followed: delete it."
LINK_NOWHERE = "This is a link to something that is not there: delete it, or add the original."
LINK_OUT = "This is a link to another place, which is not followed: add the original itself."


def list_files(root: Path) -> tuple[list[PurePosixPath], list[Refusal]]:
    """The files below a folder, relative to it and sorted by path; and what can't be looked into.

    Hidden and system folders and files are left out. Links are followed to files inside only.
    """
    files: list[PurePosixPath] = []
    refusals: list[Refusal] = []
    errors: list[OSError] = []
    real_root = root.resolve()
    for place, folder_names, file_names in os.walk(root, onerror=errors.append):
        here = PurePosixPath(Path(place).relative_to(root).as_posix())
        folder_names[:] = [name for name in folder_names if not is_ignored([name])]
        found = [name for name in file_names if not is_ignored([name])]
        links = {
            name: why
            for name in (*folder_names, *found)
            if (why := _why_not_followed(Path(place) / name, real_root))
        }
        files += [here / name for name in found if name not in links]
        refusals += [Refusal(readable(str(here / name)), why) for name, why in links.items()]
    refusals += [_refuse_folder(error, root) for error in errors]
    return sorted(files, key=lambda file: file.parts), refusals


def _why_not_followed(path: Path, real_root: Path) -> str | None:
    """Why a link is left out; None for what is no link, or one to a file in the same folder."""
    if not os.path.islink(path):  # noqa: PTH114 - of a path that is too long, Path's own raises
        return None
    try:
        target = path.resolve(strict=True)
    except FileNotFoundError:
        return LINK_NOWHERE
    except (OSError, RuntimeError):  # before Python 3.13 the second says that it is a loop
        return LINK_LOOP
    inside = target.is_relative_to(real_root) and not target.is_dir()
    return None if inside else LINK_OUT


def _refuse_folder(error: OSError, root: Path) -> Refusal:
    name = os.path.relpath(error.filename, root) if error.filename else root.name
    locked = isinstance(error, PermissionError)
    way_out = "Change its permissions first" if locked else "Copy it to another place first"
    reason = f"This folder can't be opened ({error.strerror}). {way_out}."
    return Refusal(readable(name), reason)
