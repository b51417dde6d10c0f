"""The real app, which asks the fake services of another process: `python -m tests.fakes.app`.

It is told by two arguments: its port, and where the services are, as `told` writes it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from nocode_classifier import paths
from nocode_classifier.collect.download.rules import WebRules
from nocode_classifier.collect.search import Finder
from nocode_classifier.collect.sources import Services, all_sources
from nocode_classifier.collect.sources.api_client import RequestPolicy
from nocode_classifier.listening import listen
from nocode_classifier.main import build_services, keep_to_itself, serve
from tests.fakes.services import FakeServices


def told(fakes: FakeServices) -> str:
    """Where running fakes are."""
    where = fakes.services
    return json.dumps(
        {
            "openverse": where.openverse,
            "commons": where.commons,
            "inaturalist": where.inaturalist,
            "certificates": str(fakes.policy.certificates),
            "proxy": fakes.policy.proxy,
        }
    )


def main(port: int, where: dict[str, str]) -> None:
    """Serve the app until it is ended."""
    keep_to_itself()
    services = build_services(paths.home())
    policy = RequestPolicy(
        spacing=0.05,
        patience=0.5,
        seconds=5,
        certificates=Path(where.pop("certificates")),
        proxy=where.pop("proxy"),
    )
    # The photos are on this computer, too.
    rules = WebRules(may_connect=lambda _: True)
    finder = Finder(all_sources(policy, Services(**where)), rules)
    serve(replace(services, finder=finder), listen("127.0.0.1", port))


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
