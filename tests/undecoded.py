"""Photos for parts that never look inside them."""

from __future__ import annotations

import hashlib

from nocode_classifier.project.records import NewPhoto


def new_photo(number: int) -> NewPhoto:
    """A photo that need not be decoded; no two numbers are the same one."""
    data = f"photo {number}".encode()
    return NewPhoto(
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        suffix=".jpg",
        width=40,
        height=30,
        perceptual_hash=f"{number:016x}",
        thumbnail=b"small",
        name=f"{number}.jpg",
        source="upload",
    )
