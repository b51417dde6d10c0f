"""The REST calls."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from nocode_classifier import __version__
from nocode_classifier.errors import AppError
from nocode_classifier.serve.answering import Answering
from nocode_classifier.serve.refusals import Refused
from nocode_classifier.serve.schemas import Answered, Batch, Health, Refusal, answered
from nocode_classifier.serve.settings import PHOTOS_AT_ONCE
from nocode_classifier.serve.uploads import Sent, read_files

LONGEST_ADDRESS = 8000


def add_routes(router: APIRouter, answering: Answering) -> None:
    """Add all calls; they ask `answering`."""

    @router.get("/health", response_model=Health, summary="Which classifier is this?")
    async def health() -> JSONResponse:
        return JSONResponse(
            {
                "status": "ok",
                "name": answering.name,
                "classes": answering.classes,
                "version": __version__,
            }
        )

    @router.post(
        "/image",
        response_model=Answered,
        responses=_refusals(400, 401, 408, 413, 429, 503),
        openapi_extra=_form("file", {"type": "string", "format": "binary"}),
        summary="What is in this photo?",
        description="`curl -F file=@photo.jpg ADDRESS/image`",
    )
    async def image(request: Request) -> JSONResponse:
        (sent,) = await read_files(request, "file", most=1)
        return JSONResponse(answered(await answering.answer(sent.data)))

    @router.get(
        "/classify-url",
        response_model=Answered,
        responses=_refusals(400, 401, 403, 413, 422, 429, 503),
        summary="What is in the photo at this address?",
        description="Links into this computer or its own network are refused with 403.",
    )
    async def classify_url(
        url: str = Query(max_length=LONGEST_ADDRESS, description="begins with http:// or https://"),
    ) -> JSONResponse:
        return JSONResponse(answered(await answering.answer_link(url)))

    @router.post(
        "/batch",
        response_model=Batch,
        responses=_refusals(400, 401, 408, 413, 429, 503),
        openapi_extra=_form(
            "file", {"type": "array", "items": {"type": "string", "format": "binary"}}
        ),
        summary="What is in each of these photos?",
        description=(
            f"Up to {PHOTOS_AT_ONCE} photos, each in a field `file` of the form. A photo that "
            "can't be read has an `error` in its place.\n\n"
            "`curl -F file=@one.jpg -F file=@two.jpg ADDRESS/batch`"
        ),
    )
    async def batch(request: Request) -> JSONResponse:
        sent = await read_files(request, "file", most=PHOTOS_AT_ONCE)
        request.state.charge(len(sent) - 1)
        return JSONResponse({"answers": [await _in_batch(answering, file) for file in sent]})


async def _in_batch(answering: Answering, sent: Sent) -> dict[str, Any]:
    try:
        return {"name": sent.name, **answered(await answering.answer(sent.data))}
    except AppError as error:
        return {"name": sent.name, "error": str(error)}


def on_error(_: Request, error: Exception) -> JSONResponse:
    """What a refused request is answered with."""
    refused = error if isinstance(error, Refused) else _as_refusal(error)
    return JSONResponse({"error": refused.sentence}, refused.status, dict(refused.headers))


def _as_refusal(error: Exception) -> Refused:
    if isinstance(error, AppError):
        return Refused.of(error)
    return Refused(
        400, "Give the address of a photo: /classify-url?url=https://example.org/photo.jpg"
    )


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Refusal, "description": MEANINGS[status]} for status in statuses}


MEANINGS = {
    400: "what was sent is no photo, damaged, or missing",
    401: "the key is missing or wrong",
    403: "the link leads into this computer or its own network",
    408: "sending took too long",
    413: "too big, or too many",
    422: "nothing can be had from the link",
    429: "too many photos a minute; the header Retry-After says when to go on",
    503: "too many are waiting; the header Retry-After says when to try again",
}
"""Of each status, as the OpenAPI page says it."""


def _form(field: str, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"type": "object", "properties": {field: schema}, "required": [field]}
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": content}}}
    }
