"""A folder for a Gradio Space on Hugging Face."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.credits.credits import credits
from nocode_classifier.share.exporter import ExportAnswer, Exporter, Subject
from nocode_classifier.share.hub.kinds import GRADIO, ZERO_GPU, SpaceKind
from nocode_classifier.share.hub.readme import space_readme
from nocode_classifier.share.packing import write_text
from nocode_classifier.share.reading import REPORT, report_of
from nocode_classifier.share.server_folder import (
    APP,
    PROGRAM,
    ask_server_folder,
    write_server_folder,
)

LARGE_FILES = "*.onnx filter=lfs diff=lfs merge=lfs -text\n"
"""Hugging Face takes files over 10 MB through Git LFS only."""

ON_ZERO_GPU = PROGRAM.replace(
    """
from nocode_classifier.serve.run import main
""",
    """
import spaces

from nocode_classifier.serve.run import main


@spaces.GPU
def on_gpu() -> None:
    \"\"\"Never called: ZeroGPU demands such a function, but this model needs no GPU.\"\"\"

""",
).replace(
    """__main__":
""",
    """__main__":
    # Tells ZeroGPU that this Space has started, as Gradio's own `launch` would.
    getattr(spaces.zero, "startup", lambda: None)()
""",
)
"""`app.py` for ZeroGPU, where the package `spaces` is installed beforehand (its version 0.51.3)."""


class GradioSpace(Exporter):
    """All files of a Space."""

    key = "space"
    label = "Gradio Space"
    about = "A folder to push to Hugging Face: a page and an API, on their computer"
    landmark = APP
    note = "Hugging Face runs Gradio Spaces for PRO subscribers, or on ZeroGPU."

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Write the folder."""
        write_space_folder(subject, made)

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer]:
        """Start its `app.py` and ask it by REST."""
        return ask_server_folder(made, photos, place, should_stop=should_stop)


def write_space_folder(subject: Subject, folder: Path, kind: SpaceKind = GRADIO) -> None:
    """Write all files of a Gradio Space.

    Args:
        subject: whose model.
        folder: to fill.
        kind: the way it will run; ZeroGPU needs another `app.py`.

    Raises:
        NotReady: there is no model yet.
    """
    write_server_folder(subject, folder, program=ON_ZERO_GPU if kind is ZERO_GPU else PROGRAM)
    named = credits(subject.project) if subject.project else []
    write_text(folder / "README.md", space_readme(subject.card(), subject.name, kind, named))
    write_text(folder / REPORT, report_of(subject, pictures=False))
    write_text(folder / ".gitattributes", LARGE_FILES)
