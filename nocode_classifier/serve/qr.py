"""An address as a picture that a phone's camera reads."""

from __future__ import annotations

from io import BytesIO

QUIET = 4
"""Modules left free around the code, as its standard asks for."""


def qr_svg(address: str) -> str:
    """A QR code as an SVG to put into a page; dark on white, which a dark page needs as well."""
    import segno

    out = BytesIO()
    colours = {"dark": "#211d19", "light": "#ffffff"}
    code = segno.make(address, error="m", micro=False)
    title = f"QR code for {address}"
    code.save(out, kind="svg", border=QUIET, xmldecl=False, omitsize=True, title=title, **colours)
    return out.getvalue().decode("utf-8").strip()
