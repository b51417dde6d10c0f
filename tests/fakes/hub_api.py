"""The calls of the fake Hub that are about Spaces: making, filling, asking, running, showing."""

from __future__ import annotations

import base64
import binascii
import json
import mimetypes
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.fakes.hub_people import Token
from tests.fakes.hub_space import (
    FLAVORS,
    LARGEST_REGULAR,
    NAME,
    SDKS,
    RefusedError,
    Space,
    check_path,
    front_matter,
    git_hash,
    is_large,
    problems_of,
)

if TYPE_CHECKING:
    from tests.fakes.hub import FakeHub

FREE_ZERO_GPU_SPACES = 2
FILES_A_QUESTION = 256
PAY = (
    "Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic "
    "requires a PRO subscription: https://huggingface.co/pro"
)


def api_routes(hub: FakeHub) -> list[Route]:
    """The calls about Spaces."""
    ask, space = hub.route, "/api/spaces/{owner}/{name}"
    return [
        ask("/api/repos/create", _create, ["POST"]),
        ask("/api/repos/delete", _delete, ["DELETE"]),
        ask("/api/validate-yaml", _validate, ["POST"]),
        ask(space, _info, ["GET"]),
        ask(f"{space}/revision/{{revision}}", _info, ["GET"]),
        ask(f"{space}/tree/{{revision}}", _tree, ["GET"]),
        ask(f"{space}/commits/{{revision}}", _commits, ["GET"]),
        ask(f"{space}/preupload/{{revision}}", _preupload, ["POST"]),
        ask(f"{space}/commit/{{revision}}", _commit, ["POST"]),
        ask(f"{space}/settings", _settings, ["PUT"]),
        ask(f"{space}/hardware", _hardware, ["POST"]),
        ask(f"{space}/secrets", _secret, ["POST"]),
        ask(f"{space}/variables", _variable, ["POST"]),
        ask(f"{space}/runtime", _runtime, ["GET"]),
        ask(f"{space}/logs/{{kind}}", _logs, ["GET"]),
        ask("/spaces/{owner}/{name}/resolve/{revision}/{path:path}", _resolve, ["GET"]),
        ask("/static-space/{owner}/{name}/{path:path}", _show, ["GET"]),
    ]


async def _create(hub: FakeHub, request: Request) -> Response:
    token = hub.token_of(request)
    told = await hub.json(
        request,
        {"name", "organization", "type", "sdk"},
        {"visibility", "hardware", "secrets", "variables", "sleepTimeSeconds"},
    )
    _check_new(told)
    owner = told["organization"] or token.person.name
    if not token.may_write_to(owner):
        raise RefusedError(
            403, f'You don\'t have the rights to create a space under the namespace "{owner}"'
        )
    space = Space(owner, told["name"], told["sdk"], told.get("visibility", "public"))
    space.hardware = told.get("hardware", "cpu-basic")
    _check_payment(hub, token, space)
    url = f"{hub.address}/spaces/{space.id}"
    if space.id.lower() in {known.lower() for known in hub.spaces}:
        error = "You already created this space repo"
        return JSONResponse({"error": error, "url": url}, 409, headers={"X-Error-Message": error})
    space.begin()
    hub.spaces[space.id] = space
    return JSONResponse({"url": url, "name": space.id, "id": f"id-{space.id}"})


def _check_new(told: dict[str, Any]) -> None:
    if not isinstance(told["name"], str) or not NAME.fullmatch(told["name"]):
        raise RefusedError(400, '"name" is not valid')
    if told["type"] != "space" or told["sdk"] not in SDKS:
        raise RefusedError(400, '"sdk" must be one of [gradio, docker, static]')
    if told.get("visibility", "public") not in ("public", "private", "protected"):
        raise RefusedError(400, '"visibility" must be one of [public, private, protected]')
    if told.get("hardware", "cpu-basic") not in FLAVORS:
        raise RefusedError(400, '"hardware" is not a known flavor')


def _check_payment(hub: FakeHub, token: Token, space: Space) -> None:
    if space.sdk == "static" or token.person.pro:
        return
    if space.hardware != "zero-a10g":
        raise RefusedError(402, PAY)
    mine = [each for each in hub.spaces.values() if each.owner == space.owner]
    used = sum(each.hardware == "zero-a10g" for each in mine if each.id != space.id)
    if not token.person.good_standing:
        raise RefusedError(403, "ZeroGPU needs a verified email and an account older than 30 days")
    if used >= FREE_ZERO_GPU_SPACES:
        raise RefusedError(
            402, "Free accounts may host 2 ZeroGPU Spaces; subscribe to PRO for more"
        )


async def _delete(hub: FakeHub, request: Request) -> Response:
    told = await hub.json(request, {"name", "organization", "type"})
    owner = told["organization"] or hub.token_of(request).person.name
    request.path_params.update(owner=owner, name=told["name"])
    hub.spaces.pop(hub.writable_space(request).id)
    return JSONResponse({})


async def _validate(hub: FakeHub, request: Request) -> Response:
    hub.token_of(request)
    told = await hub.json(request, {"content", "repoType"})
    errors = [{"message": problem} for problem in problems_of(told["content"])]
    return JSONResponse({"errors": errors, "warnings": []}, 400 if errors else 200)


async def _info(hub: FakeHub, request: Request) -> Response:
    space = hub.readable_space(request)
    card = front_matter(space.files.get("README.md", b"").decode())
    kind = "static.hf.space" if space.sdk == "static" else "hf.space"
    subdomain = f"{space.owner}-{space.name}".lower().replace("_", "-").replace(".", "-")
    return JSONResponse(
        {
            "_id": f"id-{space.id}",
            "id": space.id,
            "author": space.owner,
            "sha": space.commits[-1].oid,
            "private": space.private,
            "sdk": space.sdk,
            "tags": [space.sdk, *card.get("tags", [])],
            "cardData": card,
            "subdomain": subdomain,
            "host": f"https://{subdomain}.{kind}",
            "siblings": [{"rfilename": path} for path in sorted(space.files)],
        }
    )


async def _tree(hub: FakeHub, request: Request) -> Response:
    space = hub.readable_space(request)
    _check_revision(request)
    entries = [
        {"type": "file", "path": path, "size": len(data), "oid": git_hash(data)}
        for path, data in sorted(space.files.items())
    ]
    return JSONResponse(entries)


async def _commits(hub: FakeHub, request: Request) -> Response:
    space = hub.readable_space(request)
    date = "2026-11-22T12:00:00.000Z"
    return JSONResponse(
        [
            {
                "id": commit.oid,
                "title": commit.title,
                "message": "",
                "authors": [{"user": space.owner}],
                "date": date,
            }
            for commit in reversed(space.commits)
        ]
    )


async def _preupload(hub: FakeHub, request: Request) -> Response:
    space = hub.writable_space(request)
    _check_revision(request)
    files = (await hub.json(request, {"files"}, {"gitIgnore"}))["files"]
    if len(files) > FILES_A_QUESTION:
        raise RefusedError(413, "too many files in one question")
    return JSONResponse({"files": [_mode_of(hub, space, file) for file in files]})


def _mode_of(hub: FakeHub, space: Space, file: dict[str, Any]) -> dict[str, Any]:
    path, sample = check_path(file["path"]), _decoded(file["sample"])
    if len(sample) > 512 or len(sample) > file["size"]:
        raise RefusedError(400, "the sample is too long")
    mode = "lfs" if is_large(path, file["size"], sample) else "regular"
    hub.tell_mode(space, path, mode)
    answer = {"path": path, "uploadMode": mode, "shouldIgnore": False}
    if path in space.files:
        data = space.files[path]
        large = path in space.large
        answer["oid"] = _sha256_of(hub, data) if large else git_hash(data)
    return answer


def _sha256_of(hub: FakeHub, data: bytes) -> str:
    return next(oid for oid, stored in hub.storage.objects.items() if stored == data)


async def _commit(hub: FakeHub, request: Request) -> Response:
    space = hub.writable_space(request)
    _check_revision(request)
    if request.headers.get("content-type") != "application/x-ndjson":
        raise RefusedError(415, "a commit is application/x-ndjson")
    lines = list(_lines(await request.body()))
    if not lines or lines[0]["key"] != "header" or not lines[0]["value"].get("summary"):
        raise RefusedError(400, "a commit begins with its header and a summary")
    parent = lines[0]["value"].get("parentCommit", space.commits[-1].oid)
    if not space.commits[-1].oid.startswith(parent):
        raise RefusedError(412, "A commit has happened since. Please refresh and try again.")
    files, large = dict(space.files), set(space.large)
    for line in lines[1:]:
        _apply(hub, space, line, files, large)
    if problems := problems_of(files.get("README.md", b"").decode()):
        raise RefusedError(400, f"Invalid metadata in README.md: {problems[0]}")
    sdk = front_matter(files["README.md"].decode())["sdk"]
    if sdk != space.sdk:
        _check_payment(hub, hub.token_of(request), replace(space, sdk=sdk))
    commit = space.commit(lines[0]["value"]["summary"], files, large)
    url = f"{hub.address}/spaces/{space.id}/commit/{commit.oid}"
    return JSONResponse({"success": True, "commitOid": commit.oid, "commitUrl": url})


def _lines(body: bytes) -> Iterator[dict[str, Any]]:
    for line in body.splitlines():
        told = json.loads(line)
        if set(told) != {"key", "value"}:
            raise RefusedError(400, "a line of a commit has a key and a value")
        yield told


def _apply(
    hub: FakeHub, space: Space, line: dict[str, Any], files: dict[str, bytes], large: set[str]
) -> None:
    value, path = line["value"], check_path(line["value"].get("path"))
    match line["key"]:
        case "file":
            files[path] = _small_file(hub, space, value)
            large.discard(path)
        case "lfsFile":
            files[path] = _large_file(hub, value)
            large.add(path)
        case "deletedFile" if path in files:
            del files[path]
            large.discard(path)
        case "deletedFile":
            raise RefusedError(404, "A file with this name doesn't exist", "EntryNotFound")
        case other:
            raise RefusedError(400, f"nobody knows the operation {other}")


def _small_file(hub: FakeHub, space: Space, value: dict[str, Any]) -> bytes:
    if set(value) != {"path", "content", "encoding"} or value["encoding"] != "base64":
        raise RefusedError(400, "a file has a path and its content in base64")
    data = _decoded(value["content"])
    if len(data) > LARGEST_REGULAR or is_large(value["path"], len(data), data):
        raise RefusedError(
            400, f"Your push was rejected because it contains binary files: {value['path']}"
        )
    if hub.upload_mode(space, value["path"]) is None:
        raise RefusedError(400, f"nobody asked how to upload {value['path']}")
    return data


def _large_file(hub: FakeHub, value: dict[str, Any]) -> bytes:
    if set(value) != {"path", "algo", "oid", "size"} or value["algo"] != "sha256":
        raise RefusedError(400, "a large file has a path, sha256, oid and size")
    data = hub.storage.objects.get(value["oid"])
    if data is None or len(data) != value["size"]:
        raise RefusedError(
            400, f"LFS pointer pointed to a file that does not exist: {value['path']}"
        )
    return data


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError) as error:
        raise RefusedError(400, "this is no base64") from error


def _check_revision(request: Request) -> None:
    if request.path_params["revision"] != "main":
        raise RefusedError(404, "Invalid rev id", "RevisionNotFound")


async def _settings(hub: FakeHub, request: Request) -> Response:
    space = hub.writable_space(request)
    told = await hub.json(request, {"visibility"})
    if told["visibility"] not in ("public", "private", "protected"):
        raise RefusedError(400, '"visibility" must be one of [public, private, protected]')
    space.visibility = told["visibility"]
    return JSONResponse({"private": space.private, "visibility": space.visibility})


async def _hardware(hub: FakeHub, request: Request) -> Response:
    token, space = hub.token_of(request), hub.writable_space(request)
    told = await hub.json(request, {"flavor"}, {"sleepTimeSeconds"})
    if told["flavor"] not in FLAVORS:
        raise RefusedError(400, '"flavor" is not a known flavor')
    before, space.hardware = space.hardware, told["flavor"]
    try:
        _check_payment(hub, token, space)
    except RefusedError:
        space.hardware = before
        raise
    return JSONResponse(space.stages[0])


async def _secret(hub: FakeHub, request: Request) -> Response:
    space = hub.writable_space(request)
    told = await hub.json(request, {"key", "value"}, {"description"})
    space.secrets[told["key"]] = told["value"]
    return JSONResponse({})


async def _variable(hub: FakeHub, request: Request) -> Response:
    space = hub.writable_space(request)
    told = await hub.json(request, {"key", "value"}, {"description"})
    space.variables[told["key"]] = told["value"]
    return JSONResponse({})


async def _runtime(hub: FakeHub, request: Request) -> Response:
    return JSONResponse(hub.readable_space(request).next_stage())


async def _logs(hub: FakeHub, request: Request) -> Response:
    space = hub.writable_space(request)
    if request.path_params["kind"] not in ("run", "build"):
        raise RefusedError(404, "there are two logs: run and build")
    at = "2026-01-01T12:00:00.000Z"
    events = [json.dumps({"data": f"{line}\n", "timestamp": at}) for line in space.log]
    text = "".join(f"data: {event}\n\n" for event in events)
    return Response(text, media_type="text/event-stream")


async def _resolve(hub: FakeHub, request: Request) -> Response:
    space = hub.readable_space(request)
    _check_revision(request)
    data = space.files.get(request.path_params["path"])
    if data is None:
        raise RefusedError(404, "Entry not found", "EntryNotFound")
    return Response(data, media_type="application/octet-stream")


async def _show(hub: FakeHub, request: Request) -> Response:
    """A static Space, as visitors get it."""
    space = hub.readable_space(request)
    card = front_matter(space.files["README.md"].decode())
    if space.sdk != "static":
        raise RefusedError(404, "this Space is not static")
    path = request.path_params["path"] or card.get("app_file", "index.html")
    data = space.files.get(path)
    headers = {str(name): str(value) for name, value in card.get("custom_headers", {}).items()}
    if data is None:
        return PlainTextResponse("404", 404, headers=headers)
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return Response(data, media_type=kind, headers=headers)
