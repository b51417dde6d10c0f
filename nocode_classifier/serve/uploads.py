"""Files in the form that a client sends, read without ever touching the disk."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from nocode_classifier.serve.refusals import Refused

FIELDS = 10
LONGEST_NAME = 200

NO_FORM = (
    "Send the photo as a form (multipart/form-data) with the photo in the field 'file': "
    "curl -F file=@photo.jpg"
)
DAMAGED_FORM = "This form can't be read: send the photo as multipart/form-data again."


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that a client sent."""

    name: str
    data: bytes


class _InMemory(MultiPartParser):
    """The guard has limited the size of everything already, so nothing goes to the disk."""

    spool_max_size = 1 << 62


async def read_files(request: Request, field: str, most: int) -> list[Sent]:
    """The files in one field of a form.

    Args:
        request: with a form.
        field: other fields are left out.
        most: how many there may be.

    Raises:
        Refused: it is no form, it has no files there, or too many.
    """
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        raise Refused(400, NO_FORM)
    parser = _InMemory(request.headers, _pieces(request), max_files=most + 1, max_fields=FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError, KeyError) as error:
        if "Too many files" in str(error):
            raise _too_many(most) from error
        raise Refused(400, DAMAGED_FORM) from error
    try:
        sent = [part for part in form.getlist(field) if isinstance(part, UploadFile)]
        if not sent:
            raise Refused(400, NO_FORM)
        if len(sent) > most:
            raise _too_many(most)
        return [Sent(_name(part), await part.read()) for part in sent]
    finally:
        await form.close()


async def _pieces(request: Request) -> AsyncGenerator[bytes, None]:
    async for piece in request.stream():
        yield piece


def _name(part: UploadFile) -> str:
    return (part.filename or "")[:LONGEST_NAME]


def _too_many(most: int) -> Refused:
    if most == 1:
        return Refused(400, "Send one photo at a time here; several at once go to /batch.")
    return Refused(413, f"These are too many photos: send {most} at a time at most.")
