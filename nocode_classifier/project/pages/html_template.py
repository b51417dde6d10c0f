"""Templates of pages to read: every text is escaped, and only addresses of the web become links."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nocode_classifier.project.names import web_address

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def html_template(file: Path) -> Template:
    """The template (Jinja2) in a file; beside its own folder it may take from the one here."""
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(
        loader=FileSystemLoader([file.parent, Path(__file__).parent]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["web_address"] = web_address
    return environment.get_template(file.name)
