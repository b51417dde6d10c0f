"""Writes the page that runs by itself: one folder of static files, for any web host.

    index.html style.css *.js fonts/ icons/    the page, the same for every classifier
    page.json                                  its title, colours and files
    card.json model.onnx.gz                    the classifier
    runtime/                                   onnxruntime-web, which runs it in the browser
    sw.js files.js                             keep all that for visits without a connection
    licences/ how-to-share.txt                 for people

The two big files are packed: 14 MB of runtime become less than 4, and not every web host packs what
it sends. They are unpacked in the browser.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Any

from nocode_classifier import __version__
from nocode_classifier.colours import class_colour
from nocode_classifier.errors import InputError
from nocode_classifier.predict.predictor import ModelError, read_card, short_side_of
from nocode_classifier.progress import (
    Progress,
    Report,
    ShouldStop,
    check_stop,
    ignore,
    never,
    part_of,
)
from nocode_classifier.share import runtime as web_runtime
from nocode_classifier.share.static.graph import Weights, choice_of, page_graph
from nocode_classifier.share.static.icons import draw_icons

PAGE = "page.json"

MODEL = "model.onnx.gz"
PACKED_RUNTIME = 3_660_000
REST = 260_000
"""Bytes of the packed runtime and of all that is small, for telling sizes beforehand."""

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class StaticPage:
    """A page that was written.

    Attributes:
        folder: where it is.
        files: size in bytes by path, with "/" between folders.
        bytes: of all files together.
        weights: "full", "half" or "light".
    """

    folder: Path
    files: Mapping[str, int]
    bytes: int
    weights: Weights


def expected_bytes(model_folder: Path, weights: Weights = "full") -> int:
    """About how many bytes the page of a model will have, to choose by; within a tenth."""
    model = (model_folder / "model.onnx").stat().st_size
    return round(model * choice_of(weights).share) + PACKED_RUNTIME + REST


def write_static_page(
    model_folder: Path,
    target: Path,
    *,
    weights: Weights = "full",
    title: str,
    runtime: Path | None = None,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> StaticPage:
    """Write the page of a model.

    Args:
        model_folder: holds `model.onnx` and `card.json`; left as it is.
        target: the folder to fill.
        weights: "full" answers exactly as the app does, "half" and "light" are smaller.
        title: what the page is called.
        runtime: a folder with the files of onnxruntime-web; fetched or taken from the cache if
            None.

    Raises:
        InputError: the model can't be used.
        Unavailable: the files of onnxruntime-web could not be had.
        Cancelled: Stop was pressed.
    """
    choice_of(weights)
    card = _card_of(model_folder)
    source = web_runtime.runtime_files(
        runtime, report=part_of(report, 0, 0.5), should_stop=should_stop
    )
    report(Progress("Writing the page", fraction=0.5))
    model = page_graph((model_folder / "model.onnx").read_bytes(), weights)
    check_stop(should_stop)
    files = _page_files(card, title, weights, model, source)
    report(Progress("Writing the page", fraction=0.9))
    check_stop(should_stop)
    for name, data in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    report(Progress("Done", fraction=1.0, seconds_left=0.0))
    sizes = {name: len(data) for name, data in sorted(files.items())}
    return StaticPage(target, sizes, sum(sizes.values()), weights)


def _card_of(model_folder: Path) -> dict[str, Any]:
    try:
        card = read_card(model_folder)
    except ModelError as error:
        raise InputError(str(error)) from error
    if not (model_folder / "model.onnx").is_file():
        raise InputError(f"There is no model in {model_folder}: model.onnx is missing.")
    return card


def _page_files(
    card: dict[str, Any], title: str, weights: Weights, model: bytes, source: Path
) -> dict[str, bytes]:
    """Every file of the page by its path.

    The page and the service worker both name the version of the whole, so that a page notices when
    a newer one's worker took over while it was loading.
    """
    shown = " ".join(title.split())[:LONGEST_TITLE] or "Image classifier"
    names = [entry["name"] for entry in card["classes"]]
    files = dict(_sources(package_files(__package__) / "page"))
    about = _description(names)
    files["manifest.webmanifest"] = _as_json(_manifest(shown, about))
    icons = draw_icons(class_colour(0), class_colour(1))
    files |= {f"icons/{name}": data for name, data in icons.items()}
    for file in (web_runtime.SCRIPT, web_runtime.GLUE):
        files[f"runtime/{file.name}"] = (source / file.name).read_bytes()
    program = f"runtime/{web_runtime.PROGRAM.name}.gz"
    files[program] = _packed((source / web_runtime.PROGRAM.name).read_bytes())
    files[MODEL] = _packed(model)
    files["card.json"] = _as_json(card)
    files[PAGE] = _as_json(
        {
            "title": shown,
            "weights": weights,
            "short_side": short_side_of(card),
            "colours": [_colour(index) for index in range(len(names))],
            "model": {"path": MODEL, "bytes": len(files[MODEL])},
            "runtime": {"path": program, "bytes": len(files[program])},
            "made_with": f"nocode-classifier {__version__}",
        }
    )
    version = hashlib.sha256(_as_json(_listed(files))).hexdigest()[:16]
    words = {"title": html.escape(shown), "description": html.escape(about), "version": version}
    files["index.html"] = Template(files["index.html"].decode()).substitute(words).encode()
    files["files.js"] = _for_the_worker(files, version)
    return files


def _sources(folder: Traversable, prefix: str = "") -> Mapping[str, bytes]:
    """The files of the page as they come with this package."""
    files: dict[str, bytes] = {}
    for entry in folder.iterdir():
        if entry.is_dir():
            files |= _sources(entry, f"{prefix}{entry.name}/")
        else:
            files[prefix + entry.name] = entry.read_bytes()
    return files


def _description(names: list[str]) -> str:
    """What the page does in a sentence, for search engines and where its link is shown."""
    shown = names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} more"]
    listed = f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else shown[0]
    return f"Show it a photo, and it says: {listed}. It runs in your browser; photos stay with you."


def _manifest(title: str, about: str) -> dict[str, Any]:
    """What a phone needs to put the page on its home screen."""
    short = title if len(title) <= 12 else title[:12].rsplit(" ", 1)[0]
    icons = [("icon-192.png", 192, "any"), ("icon-512.png", 512, "any")]
    icons.append(("maskable-512.png", 512, "maskable"))
    return {
        "id": "./",
        "name": title,
        "short_name": short,
        "description": about,
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": "#f7f2ea",
        "theme_color": "#f7f2ea",
        "icons": [
            {"src": f"icons/{name}", "sizes": f"{side}x{side}", "type": "image/png", "purpose": use}
            for name, side, use in icons
        ],
    }


def _colour(index: int) -> dict[str, str]:
    colour = class_colour(index)
    return {"fill": colour.fill, "text": colour.text}


def _packed(data: bytes) -> bytes:
    """Packed without a date, so that the same input gives the same file."""
    return gzip.compress(data, 9, mtime=0)


def _unpacked(name: str, data: bytes) -> bytes:
    return gzip.decompress(data) if name.endswith(".gz") else data


def _as_json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _for_the_worker(files: Mapping[str, bytes], version: str) -> bytes:
    """The script that tells the service worker which version this is, and what to keep."""
    listed = json.dumps(_listed(files), indent=1)
    return f'self.VERSION = "{version}";\nself.FILES = {listed};\n'.encode()


def _listed(files: Mapping[str, bytes]) -> dict[str, Any]:
    """SHA-256 and size by path of the files that are kept for visits without a connection.

    Of packed files it is the SHA-256 of what is in them: hosts may unpack them, or pack them anew.
    """
    return {
        name: [hashlib.sha256(_unpacked(name, data)).hexdigest(), len(data)]
        for name, data in sorted(files.items())
        if name not in {"sw.js", "how-to-share.txt"}
    }
