"""What is sent along with pages that are only for reading."""

from __future__ import annotations

# Such a page holds its own style and pictures, and nothing else that a browser would fetch or run.
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "Referrer-Policy": "no-referrer",
}
