"""Which requests go through a proxy, as the environment says."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

SCHEMES = ("http", "https", "all")


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies to use.

    Attributes:
        addresses: of the proxy, by "http", "https" or "all".
        without: names and numbers that are asked directly: "example.org" (its subdomains too),
            "10.0.0.0/8", "host:8080", "*".
    """

    addresses: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls) -> Proxies:
        """HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, or what the system is set to."""
        from urllib.request import getproxies

        told = getproxies()
        addresses = {key: _whole(told[key]) for key in SCHEMES if told.get(key)}
        names = (name.strip().lower() for name in told.get("no", "").split(","))
        return cls(addresses, tuple(name for name in names if name))

    def address_for(self, scheme: str, host: str, port: int) -> str | None:
        """The proxy that a request goes through; None for none."""
        address = self.addresses.get(scheme) or self.addresses.get("all")
        if not address or any(_matches(entry, host.lower(), port) for entry in self.without):
            return None
        return address


def _whole(address: str) -> str:
    """Some write a proxy without its scheme."""
    return address if "://" in address else f"http://{address}"


def _matches(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    network = _network(entry)
    if network is not None:
        number = _number(host)
        return number is not None and number in network
    name, colon, told_port = entry.rpartition(":")
    if colon and told_port.isdecimal() and "]" not in told_port:
        return int(told_port) == port and _matches(name.strip("[]"), host, port)
    name = entry.removeprefix("*").removeprefix(".")
    return host == name or host.endswith(f".{name}")


def _network(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
