"""Addresses beside the page, ready to be put into HTML; `ui/routes` serves them."""

from __future__ import annotations

import html


def thumbnail_address(project_id: str, sha256: str) -> str:
    """Where the page finds a thumbnail (WebP)."""
    return html.escape(f"/thumbnails/{project_id}/{sha256}")


def credits_address(project_id: str) -> str:
    """Where the credits of a project are read."""
    return html.escape(f"/credits/{project_id}")


def report_address(project_id: str) -> str:
    """Where the report of a project's model is read."""
    return html.escape(f"/report/{project_id}")
