"""What can be typed after `nocode-classifier export`."""

from __future__ import annotations

from nocode_classifier.cli.parsing import Commands, add_command, add_home, add_json, add_model

EXPORT = """\
Make something of a classifier that works without this app.

  page      a web page for any host; photos are looked at in the visitor's own browser
  model     the model as one archive, and three lines of Python that use it
  report    one page to keep, print or hand in: how good it is, what it gets wrong
  onnx      the network for programs in any language, with a short example
  space     a folder for a Gradio Space at Hugging Face
  server    a folder with a Dockerfile, for Render and other web hosts
  coreml    for programs on iPhone, iPad and Mac; needs the extra 'coreml'
  litert    for programs on Android and small boards; needs the extra 'litert'
  fastai    export.pkl, as in the fastai course
  dataset   the photos in a folder for each class, with credits (of a project)
  project   everything in one file, for this app on another computer (of a project)

Before it is handed over, every export but a report is opened as its reader will open it and asked
about 20 of your photos; it has to answer as the app does. A page is opened in Chrome, Chromium or
Edge.

MODEL is a model folder, or the name of a project."""

EXPORT_END = """\
examples:
  nocode-classifier export "Our birds" page -o birds-page
  nocode-classifier export "Our birds" page --weights light -o birds-page.zip
  nocode-classifier export my-model server -o . --photos other-photos

--json prints: export, path, bytes, proof {same, asked, worst, drawn} or null, note"""

KINDS = (
    "page",
    "model",
    "report",
    "onnx",
    "space",
    "server",
    "coreml",
    "litert",
    "fastai",
    "dataset",
    "project",
)
"""As in `share.exporters`, which takes too long to load just for this."""


def add_export(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands, "export", "make a web page, a server or files of a model", EXPORT, EXPORT_END
    )
    add_model(command)
    command.add_argument("kind", metavar="KIND", choices=KINDS, help=", ".join(KINDS))
    command.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        required=True,
        help="what to write, or a folder to write it into; a folder is packed where PATH ends "
        "in .zip",
    )
    command.add_argument(
        "--photos",
        metavar="FOLDER",
        help="photos to ask the export about; those of the project if left out",
    )
    command.add_argument(
        "--weights",
        choices=("full", "half", "light"),
        default="full",
        help="of a page: light ones load sooner and may answer a little differently",
    )
    add_home(command)
    add_json(command)
