"""Large-file storage of the fake Hub: Git LFS in one piece or in parts, and Xet."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.hub_space import RefusedError
from tests.fakes.xet_format import (
    MalformedError,
    crc64_nvme,
    put_together,
    read_shard,
    read_xorb,
)

if TYPE_CHECKING:
    from tests.fakes.hub import FakeHub

LFS_JSON = "application/vnd.git-lfs+json"
HASH = 64


@dataclass
class Upload:
    """Something that was promised to come: its hash, its size, and the pieces so far."""

    oid: str
    size: int
    parts: dict[int, bytes] = field(default_factory=dict)


@dataclass
class Storage:
    """What was uploaded.

    Attributes:
        objects: whole files by their SHA-256.
        part_size: files larger than this are taken in parts of this size.
        grants: promised xorbs by the secret in their address.
        xorbs: chunks of each xorb by its hash.
        passes: short-lived Xet tokens, and when they end.
        ways: how each object came: "lfs", "parts" or "xet".
        cas: where Xet is said to be; None for where it is.
        pace: bytes a second that are taken of a large file; None for all that come.
    """

    objects: dict[str, bytes] = field(default_factory=dict)
    part_size: int = 50 * 1024 * 1024
    uploads: dict[str, Upload] = field(default_factory=dict)
    grants: dict[str, Upload] = field(default_factory=dict)
    put: dict[str, bytes] = field(default_factory=dict)
    xorbs: dict[str, list[bytes]] = field(default_factory=dict)
    passes: dict[str, float] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)
    cas: str | None = None
    pace: float | None = None

    async def take(self, request: Request) -> bytes:
        """The body of a request, no quicker than the pace allows."""
        data = bytearray()
        async for piece in request.stream():
            data += piece
            if self.pace:
                await asyncio.sleep(len(piece) / self.pace)
        return bytes(data)

    def keep(self, oid: str, data: bytes, way: str) -> None:
        self.objects[oid], self.ways[oid] = data, way


def storage_routes(hub: FakeHub) -> list[Route]:
    """Where large files are announced, put and confirmed."""
    ask = hub.route
    return [
        ask("/spaces/{owner}/{name}.git/info/lfs/objects/batch", _batch, ["POST"]),
        ask("/storage/verify", _verify, ["POST"]),
        ask("/storage/complete/{secret}", _complete, ["POST"]),
        ask("/storage/{secret}", _put, ["PUT"]),
        ask("/storage/{secret}/{part:int}", _put_part, ["PUT"]),
        ask("/api/spaces/{owner}/{name}/xet-write-token/{revision}", _xet_pass, ["GET"]),
        ask("/cas/v1/chunks/{prefix}/{hash}", _known_chunk, ["GET"]),
        ask("/cas/v1/xorb-grants/default/{hash}", _grant, ["POST"]),
        ask("/cas/granted/{secret}", _put_granted, ["PUT"]),
        ask("/cas/v1/xorb-commits/default/{hash}/grant/{secret}", _commit_xorb, ["POST"]),
        ask("/cas/v2/shards", _shards, ["POST"]),
    ]


async def _batch(hub: FakeHub, request: Request) -> Response:
    hub.writable_space(request)
    _expect_lfs(request)
    asked = await hub.json(request, {"operation", "transfers", "objects", "hash_algo"}, {"ref"})
    if asked["operation"] != "upload" or asked["hash_algo"] != "sha256":
        raise RefusedError(422, "only uploads with sha256 are known here")
    if asked.get("ref") not in (None, {"name": "main"}):
        raise RefusedError(404, "no such branch")
    objects = [_promise(hub, entry) for entry in asked["objects"]]
    return JSONResponse({"transfer": "basic", "objects": objects}, media_type=LFS_JSON)


def _expect_lfs(request: Request) -> None:
    if LFS_JSON not in request.headers.get("accept", ""):
        raise RefusedError(406, f"Accept must be {LFS_JSON}")


def _promise(hub: FakeHub, entry: Mapping[str, Any]) -> dict[str, Any]:
    oid, size = entry["oid"], entry["size"]
    answer = {"oid": oid, "size": size, "authenticated": True}
    if not _is_hash(oid) or not isinstance(size, int) or size <= 0:
        return answer | {"error": {"code": 422, "message": "oid or size is wrong"}}
    if oid in hub.storage.objects:
        return answer
    secret = secrets.token_urlsafe(16)
    hub.storage.uploads[secret] = Upload(oid, size)
    upload: dict[str, Any] = {"href": f"{hub.address}/storage/{secret}"}
    if size > hub.storage.part_size:
        count = -(-size // hub.storage.part_size)
        parts = {str(n): f"{hub.address}/storage/{secret}/{n}" for n in range(1, count + 1)}
        upload = {
            "href": f"{hub.address}/storage/complete/{secret}",
            "header": {"chunk_size": str(hub.storage.part_size), **parts},
        }
    verify = {"href": f"{hub.address}/storage/verify"}
    return answer | {"actions": {"upload": upload, "verify": verify}}


async def _put(hub: FakeHub, request: Request) -> Response:
    upload = _promised(hub, request)
    data = await hub.storage.take(request)
    _accept(hub, upload, data, "lfs")
    return Response(headers={"ETag": f'"{hashlib.md5(data).hexdigest()}"'})


async def _put_part(hub: FakeHub, request: Request) -> Response:
    upload = _promised(hub, request)
    data = await hub.storage.take(request)
    if len(data) > hub.storage.part_size:
        raise RefusedError(400, "EntityTooLarge")
    upload.parts[request.path_params["part"]] = data
    return Response(headers={"ETag": f'"{hashlib.md5(data).hexdigest()}"'})


async def _complete(hub: FakeHub, request: Request) -> Response:
    upload = _promised(hub, request)
    told = await hub.json(request, {"oid", "parts"})
    etags = {number: f'"{hashlib.md5(data).hexdigest()}"' for number, data in upload.parts.items()}
    if {part["partNumber"]: part["etag"] for part in told["parts"]} != etags:
        raise RefusedError(400, "InvalidPart")
    _accept(hub, upload, b"".join(upload.parts[n] for n in sorted(upload.parts)), "parts")
    return JSONResponse({"success": True})


def _promised(hub: FakeHub, request: Request) -> Upload:
    # Signed addresses are for whoever has them; credentials of the Hub have no business there.
    if "authorization" in request.headers:
        raise RefusedError(400, "Only one auth mechanism allowed")
    upload = hub.storage.uploads.get(request.path_params["secret"])
    if upload is None:
        raise RefusedError(403, "SignatureDoesNotMatch")
    return upload


def _accept(hub: FakeHub, upload: Upload, data: bytes, way: str) -> None:
    if len(data) != upload.size or hashlib.sha256(data).hexdigest() != upload.oid:
        raise RefusedError(400, "XAmzContentSHA256Mismatch")
    hub.storage.keep(upload.oid, data, way)


async def _verify(hub: FakeHub, request: Request) -> Response:
    hub.token_of(request)
    told = await hub.json(request, {"oid", "size"})
    if len(hub.storage.objects.get(told["oid"], b"")) != told["size"]:
        raise RefusedError(404, "Object does not exist on the server or has another size")
    return JSONResponse({})


async def _xet_pass(hub: FakeHub, request: Request) -> Response:
    hub.writable_space(request)
    if request.path_params["revision"] != "main":
        raise RefusedError(404, "Invalid rev id", "RevisionNotFound")
    value = f"xet_{secrets.token_urlsafe(16)}"
    hub.storage.passes[value] = time.time() + 900
    end = int(hub.storage.passes[value])
    address = hub.storage.cas or f"{hub.address}/cas"
    return JSONResponse({"accessToken": value, "exp": end, "casUrl": address})


def _check_pass(hub: FakeHub, request: Request) -> None:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or hub.storage.passes.get(value, 0.0) < time.time():
        raise RefusedError(401, "Unauthorized")


async def _known_chunk(hub: FakeHub, request: Request) -> Response:
    _check_pass(hub, request)
    if not _is_hash(request.path_params["hash"]):
        raise RefusedError(400, "malformed hash")
    raise RefusedError(404, "not tracked")


async def _grant(hub: FakeHub, request: Request) -> Response:
    _check_pass(hub, request)
    name = request.path_params["hash"]
    if not _is_hash(name):
        raise RefusedError(400, "malformed hash")
    asked = await hub.json(request, {"length", "checksum"})
    if asked["checksum"].get("algo") != "crc64nvme":
        raise RefusedError(400, "unknown checksum")
    if name in hub.storage.xorbs:
        return Response(status_code=200)
    secret = secrets.token_urlsafe(16)
    hub.storage.grants[secret] = Upload(f"{name} {asked['checksum']['value']}", asked["length"])
    grant = {
        "id": secret,
        "method": "PUT",
        "url": f"{hub.address}/cas/granted/{secret}",
        "headers": {"x-granted": secret},
    }
    return JSONResponse(grant, status_code=201)


async def _put_granted(hub: FakeHub, request: Request) -> Response:
    secret = request.path_params["secret"]
    grant = hub.storage.grants.get(secret)
    if grant is None or request.headers.get("x-granted") != secret:
        raise RefusedError(403, "AccessDenied")
    if "authorization" in request.headers:
        raise RefusedError(400, "Only one auth mechanism allowed")
    data = await hub.storage.take(request)
    if len(data) != grant.size or str(crc64_nvme(data)) != grant.oid.partition(" ")[2]:
        raise RefusedError(400, "BadDigest")
    hub.storage.put[secret] = data
    return Response()


async def _commit_xorb(hub: FakeHub, request: Request) -> Response:
    _check_pass(hub, request)
    name, secret = request.path_params["hash"], request.path_params["secret"]
    grant = hub.storage.grants.get(secret)
    if grant is None or grant.oid.partition(" ")[0] != name or secret not in hub.storage.put:
        raise RefusedError(404, "nothing was uploaded for this grant")
    try:
        hub.storage.xorbs[name] = read_xorb(hub.storage.put.pop(secret))
    except MalformedError as error:
        raise RefusedError(400, str(error)) from error
    return JSONResponse({"was_inserted": True})


async def _shards(hub: FakeHub, request: Request) -> Response:
    _check_pass(hub, request)
    try:
        shard = read_shard(await request.body())
        for name, count in shard.chunks.items():
            if len(hub.storage.xorbs.get(name, ())) != count:
                raise MalformedError(f"the xorb {name} is missing or has other chunks")
        for file in shard.files:
            hub.storage.keep(file.sha256, put_together(file, hub.storage.xorbs), "xet")
    except MalformedError as error:
        raise RefusedError(400, str(error)) from error
    events = '{"type":"validating","verified":1,"total":1}\n{"type":"result","result":1}\n'
    return Response(events, media_type="application/x-ndjson")


def _is_hash(text: object) -> bool:
    return isinstance(text, str) and len(text) == HASH and set(text) <= set("0123456789abcdef")
