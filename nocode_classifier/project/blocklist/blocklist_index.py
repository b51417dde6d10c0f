"""What must stay away, arranged for asking whether a photo is among it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from nocode_classifier.errors import TakenDown

if TYPE_CHECKING:
    from nocode_classifier.project.near_copies.likeness import LikenessIndex


@dataclass(frozen=True, slots=True)
class Takedown:
    """Something that was asked to stay away.

    Attributes:
        id: names it in the list.
        made_at: when (UTC).
        given: what was given to find it by, for people.
        note: a remark, such as who asked.
        addresses: of pictures, and of pages whose pictures stay away.
        hashes: SHA-256 of files.
        likenesses: of photos whose near copies stay away, too.
    """

    id: str
    made_at: datetime
    given: str
    note: str
    addresses: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    likenesses: tuple[bytes, ...] = ()

    @property
    def day(self) -> str:
        """The day it was made on, here, for people."""
        here = self.made_at.astimezone()
        return f"{here.day} {here:%B %Y}"


@dataclass(frozen=True, slots=True)
class BlocklistIndex:
    """The take-downs as of one moment, arranged for asking. Never changed.

    Attributes:
        token: another text after every change of the list; "" when it was never changed.
        by_id: in the order of making.
        by_address, by_hash: ids, by `comparing_address` and by SHA-256.
        by_likeness: ids; None when no take-down has a likeness.
    """

    token: str = ""
    by_id: Mapping[str, Takedown] = field(default_factory=dict)
    by_address: Mapping[str, str] = field(default_factory=dict)
    by_hash: Mapping[str, str] = field(default_factory=dict)
    by_likeness: LikenessIndex[str] | None = None

    def find(self, takedown_id: str | None) -> Takedown | None:
        """The one of this id, if it stands."""
        return self.by_id.get(takedown_id or "")

    def refuses(
        self,
        address: str | None = None,
        sha256: str | None = None,
        likeness: bytes | None = None,
        *,
        page: str | None = None,
    ) -> Takedown | None:
        """Why a photo has to stay away: by its (or its page's) address, its bytes or its looks."""
        found = None
        if self.by_address:
            keys = [comparing_address(each) for each in (address, page) if each]
            found = next((self.by_address[key] for key in keys if key in self.by_address), None)
        if found is None and sha256:
            found = self.by_hash.get(sha256)
        if found is None and likeness and self.by_likeness is not None:
            found = self.by_likeness.find(likeness)
        return self.find(found)


def arranged(token: str, blocklist: Sequence[Takedown]) -> BlocklistIndex:
    """The take-downs for asking; `token` as in `BlocklistIndex`."""
    looks: LikenessIndex[str] | None = None
    if any(takedown.likenesses for takedown in blocklist):
        from nocode_classifier.project.near_copies.likeness import LikenessIndex

        looks = LikenessIndex()
        for takedown in blocklist:
            for likeness in takedown.likenesses:
                looks.add(takedown.id, likeness)
    return BlocklistIndex(
        token,
        by_id={each.id: each for each in blocklist},
        by_address={comparing_address(a): each.id for each in blocklist for a in each.addresses},
        by_hash={sha256: each.id for each in blocklist for sha256 in each.hashes},
        by_likeness=looks,
    )


def comparing_address(address: str) -> str:
    """The form in which two addresses are the same.

    http or https, the case of the host, how letters are coded, a slash at the end and what
    follows a # don't count.
    """
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "") + (
            f":{parts.port}" if parts.port not in (None, 80, 443) else ""
        )
    except ValueError:
        return address.strip()
    question = f"?{unquote(parts.query)}" if parts.query else ""
    return f"{host}{unquote(parts.path).rstrip('/')}{question}"


def staying_away(takedown: Takedown | None) -> TakenDown:
    """The refusal of a photo that was taken down; without a date where nobody knows it."""
    when = f" on {takedown.day}" if takedown else ""
    return TakenDown(f"This photo was taken down{when}; lift the take-down first.")
