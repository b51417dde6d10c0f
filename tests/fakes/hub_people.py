"""Who has an account at the fake Hub, and what each token may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["write", "read", "fineGrained"]


@dataclass
class Person:
    """Someone with an account.

    Attributes:
        pro: pays for a PRO subscription.
        good_standing: has a confirmed address and an account of more than 30 days.
        groups: organizations and the role in each: "admin", "write" or "read".
    """

    name: str
    pro: bool = False
    good_standing: bool = True
    groups: dict[str, str] = field(default_factory=dict)

    @property
    def owners(self) -> set[str]:
        """Names under which this person may make Spaces."""
        return {self.name} | {name for name, role in self.groups.items() if role != "read"}


@dataclass(frozen=True)
class Token:
    """A token, and what it may do.

    Attributes:
        writes_to: for a fine-grained token, the names whose repositories it may change.
    """

    value: str
    person: Person
    role: Role = "write"
    title: str = "laptop"
    oauth: bool = False
    writes_to: tuple[str, ...] = ()

    def may_write_to(self, owner: str) -> bool:
        if owner not in self.person.owners:
            return False
        if self.role == "fineGrained":
            return owner in self.writes_to
        return self.role == "write"

    def may_read(self, owner: str) -> bool:
        return owner in self.person.owners or owner in self.person.groups


def who_am_i(token: Token) -> dict[str, Any]:
    """The answer of `/api/whoami-v2`."""
    person = token.person
    return {
        "type": "user",
        "id": f"id-{person.name}",
        "name": person.name,
        "fullname": person.name.title(),
        "email": f"{person.name}@example.org",
        "emailVerified": person.good_standing,
        "canPay": person.pro,
        "isPro": person.pro,
        "orgs": [
            {"type": "org", "id": f"id-{name}", "name": name, "fullname": name, "roleInOrg": role}
            for name, role in person.groups.items()
        ],
        "auth": _auth(token),
    }


def _auth(token: Token) -> dict[str, Any]:
    if token.oauth:
        return {"type": "oauth"}
    access: dict[str, Any] = {"displayName": token.title, "role": token.role}
    if token.role == "fineGrained":
        access["fineGrained"] = {
            "global": [],
            "scoped": [
                {"entity": {"type": "user", "name": name}, "permissions": ["repo.write"]}
                for name in token.writes_to
            ],
        }
    return {"type": "access_token", "accessToken": access}
