"""Addresses beside the page, ready to be put into HTML; `ui/routes` serves them."""

from __future__ import annotations

import html


def credits_address(project_id: str) -> str:
    """Where the credits of a project are read."""
    return html.escape(f"/credits/{project_id}")


def report_address(project_id: str) -> str:
    """Where the report of a project's model is read."""
    return html.escape(f"/report/{project_id}")
