"""Puts the predict-only app together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from nocode_classifier import __version__
from nocode_classifier.errors import AppError
from nocode_classifier.serve.answering import Answering
from nocode_classifier.serve.guard import FOREIGN, Guard
from nocode_classifier.serve.lazy_app import LazyApp
from nocode_classifier.serve.page import add_page
from nocode_classifier.serve.refusals import Refused
from nocode_classifier.serve.routes import add_routes, on_error
from nocode_classifier.serve.settings import Settings

ABOUT = """\
Answers which of its classes is in a photo. Photos are looked at in memory and forgotten; nothing is
stored. What goes wrong is answered with `{"error": "a sentence"}`."""


def build_app(answering: Answering, settings: Settings, *, with_gradio: bool = True) -> FastAPI:
    """The application, ready to be served.

    Args:
        answering: the model.
        settings: what is allowed.
        with_gradio: also offer Gradio's calls, as soon as Gradio is loaded.
    """
    lazy_app = LazyApp(lambda: _make_calls(answering, settings))

    @asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        if with_gradio:
            lazy_app.begin()
        yield
        await lazy_app.end()

    app = FastAPI(
        title=answering.name,
        description=ABOUT,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=live,
        swagger_ui_oauth2_redirect_url=None,
    )
    app.state.lazy_app = lazy_app
    router = APIRouter()
    add_routes(router, answering)
    app.include_router(router)
    add_page(app, answering, with_key=settings.key is not None)
    for kind in (Refused, AppError, RequestValidationError):
        app.add_exception_handler(kind, on_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    # What no route here takes.
    app.router.default = lazy_app
    app.add_middleware(Guard, settings=settings)
    # Always there: without it Gradio would let every website ask.
    app.add_middleware(
        _Cors,
        allow_origins=list(settings.origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "X-API-Key"],
        expose_headers=["Retry-After"],
    )
    return app


class _Cors(CORSMiddleware):
    """Says no as everything here does."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """What a browser is told that asks whether a page may ask."""
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response
        return JSONResponse({"error": FOREIGN}, response.status_code)


def _make_calls(answering: Answering, settings: Settings) -> Starlette:
    # Here and not above: this import takes seconds.
    from nocode_classifier.serve.calls import make_calls

    return make_calls(answering, settings)


def _on_http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    sentence = {405: "This address takes other calls: look at /docs for which."}.get(
        error.status_code, str(error.detail)
    )
    return JSONResponse({"error": sentence}, error.status_code, dict(error.headers or {}))
