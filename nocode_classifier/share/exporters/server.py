"""A folder that any host of containers or Python programs runs: Render and the like."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from string import Template

from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.share.exporter import ExportAnswer, Exporter, Subject
from nocode_classifier.share.hub.names import space_name
from nocode_classifier.share.packing import write_text
from nocode_classifier.share.reading import write_reading
from nocode_classifier.share.server_folder import ask_server_folder, write_server_folder

DOCKERFILE = "Dockerfile"

FILES = {
    DOCKERFILE: """\
FROM python:$python-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN python -m compileall -q nocode_classifier && useradd --create-home runner
USER runner
ENV PORT=7860
EXPOSE 7860
CMD ["python", "app.py"]
""",
    ".dockerignore": ".git\n__pycache__\n.venv\nREADME.md\nreport.html\n",
    ".python-version": "$python\n",
    "Procfile": "web: python app.py\n",
    "render.yaml": """\
services:
  - type: web
    name: $slug
    runtime: docker
    plan: free
    healthCheckPath: /health
""",
}

USE = """\
## Run it

With Docker:

```
docker build -t $slug .
docker run -p 7860:7860 -e PROXIES=0 $slug
```

or with Python $python: `pip install -r requirements.txt`, then `python app.py`. The page is then at
http://127.0.0.1:7860, the calls for programs are explained at http://127.0.0.1:7860/docs.

On a web host: put this folder into a Git repository and let the host take it from there. Render
finds `render.yaml`, others find the `Dockerfile` or the `Procfile`.

It reads JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF; for HEIC too, add `pillow-heif` to
`requirements.txt`.

| setting (environment) | what |
|---|---|
| `PORT` | where it listens; most hosts set it |
| `PROXIES` | servers of the host in front of it, 1 if unset; 0 when everyone reaches it directly |
| `NOCODE_CLASSIFIER_KEY` | callers must know this key |
"""


class ServerFolder(Exporter):
    """Dockerfile, requirements, the predict-only app and the model."""

    key = "server"
    label = "Server"
    about = "A folder with a Dockerfile, for Render and other web hosts: a page and an API"
    landmark = DOCKERFILE

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Write the folder."""
        write_server_folder(subject, made)
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        words = {"python": python, "slug": space_name(subject.name).lower()}
        for name, text in FILES.items():
            write_text(made / name, Template(text).substitute(words))
        write_reading(subject, made, Template(USE).substitute(words))

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer]:
        """Start it with the command of its Dockerfile and ask it by REST."""
        return ask_server_folder(made, photos, place, should_stop=should_stop)
