"""Publishing: makes a Space or brings it up to date, and waits until it runs."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from nocode_classifier.share.hub.child.telling import Messenger, Refused
from nocode_classifier.share.hub.child.uploading import upload

MARK = "nocode-classifier"
FRESH_FILES = {".gitattributes", "README.md", "index.html", "style.css"}
BUILDING = {"BUILDING", "RUNNING_BUILDING", "APP_STARTING", "RUNNING_APP_STARTING"}
GOOD = {"RUNNING", "SLEEPING"}


def look_at(api: HfApi, space: str) -> dict[str, Any] | None:
    """What is at this name now; None if nothing that this account may see."""
    try:
        info = api.space_info(space)
    except HfHubHTTPError as error:
        if error.response.status_code == 404:
            return None
        raise
    files = {sibling.rfilename for sibling in info.siblings or ()}
    return {
        "ours": MARK in (info.tags or ()),
        "fresh": files <= FRESH_FILES and len(api.list_repo_commits(space, repo_type="space")) == 1,
        "private": bool(info.private),
        "sdk": info.sdk,
    }


def publish(api: HfApi, asked: dict[str, Any], told: Messenger) -> dict[str, Any]:
    """Make the Space if it isn't there, put the files into it, wait until it runs."""
    told.step = "look"
    space, seen = asked["space"], look_at(api, asked["space"])
    if seen is None:
        told.step = "create"
        api.create_repo(
            space,
            repo_type="space",
            space_sdk=asked["sdk"],
            space_hardware=asked["hardware"],
            visibility=asked["visibility"],
        )
    elif not (seen["ours"] or seen["fresh"]):
        raise Refused(409, "not ours")
    else:
        _bring_up_to_date(api, asked, seen, told)
    told.step = "upload"
    commit = upload(api, space, Path(asked["folder"]), asked["message"], told)
    told.step = "build"
    told.tell("stage", stage="COMMITTED")
    end = _wait(api, space, commit, asked, told)
    host = None
    with contextlib.suppress(HfHubHTTPError, httpx2.HTTPError):
        host = api.space_info(space).host
    updated = seen is not None and not seen["fresh"]
    url = f"{api.endpoint}/spaces/{space}"
    return {"url": url, "host": host, "commit": commit, "updated": updated, **end}


def _bring_up_to_date(
    api: HfApi, asked: dict[str, Any], seen: dict[str, Any], told: Messenger
) -> None:
    told.step = "settings"
    space, hardware = asked["space"], asked["hardware"]
    if seen["private"] != (asked["visibility"] == "private"):
        api.update_repo_settings(space, repo_type="space", visibility=asked["visibility"])
    if hardware and api.get_space_runtime(space).requested_hardware != hardware:
        told.step = "create"
        api.request_space_hardware(space, hardware)


def _wait(
    api: HfApi, space: str, commit: str, asked: dict[str, Any], told: Messenger
) -> dict[str, Any]:
    """Ask how the Space is until it runs, fails, or has taken too long."""
    start, last = time.monotonic(), ""
    while True:
        runtime = api.get_space_runtime(space)
        stage, passed = (
            str(getattr(runtime.stage, "value", runtime.stage)),
            time.monotonic() - start,
        )
        if stage != last:
            told.tell("stage", stage=stage)
            last = stage
        # What is said just after a commit may still be about the one before it.
        current = runtime.raw.get("sha") == commit or passed > asked["grace"]
        if stage not in BUILDING and current:
            return _end(api, space, stage, runtime.raw)
        if passed > asked["patience"]:
            return {"stage": stage, "error": "", "log": []}
        time.sleep(asked["poll"])


def _end(api: HfApi, space: str, stage: str, raw: dict[str, Any]) -> dict[str, Any]:
    if stage in GOOD:
        return {"stage": stage, "error": "", "log": []}
    error = str(raw.get("errorMessage") or "")
    return {"stage": stage, "error": error, "log": _last_lines(api, space, stage)}


def _last_lines(api: HfApi, space: str, stage: str) -> list[str]:
    try:
        lines = list(api.fetch_space_logs(space, build=stage == "BUILD_ERROR"))
    except (HfHubHTTPError, httpx2.HTTPError):
        return []
    return [line.rstrip() for line in lines][-20:]
