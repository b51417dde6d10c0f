from __future__ import annotations

import pytest

from nocode_classifier.collect.licences import (
    CLAIMED_BY_SEARCH,
    UNKNOWN,
    Licence,
    LicenceChoice,
    licence,
    permits,
)

ANY, REUSE, CHANGE, COMMERCIAL = LicenceChoice
DEED = "https://creativecommons.org/licenses"
DOMAIN = "https://creativecommons.org/publicdomain"


@pytest.mark.parametrize(
    ("claim", "version", "expected"),
    [
        ("by-sa", "2.0", Licence("CC BY-SA 2.0", f"{DEED}/by-sa/2.0/")),
        ("CC BY-SA 4.0", None, Licence("CC BY-SA 4.0", f"{DEED}/by-sa/4.0/")),
        ("cc-by-nc", None, Licence("CC BY-NC")),
        ("CC-BY-NC-ND-4.0", None, Licence("CC BY-NC-ND 4.0", f"{DEED}/by-nc-nd/4.0/")),
        ("CC BY-SA 3.0 de", None, Licence("CC BY-SA 3.0 DE", f"{DEED}/by-sa/3.0/de/")),
        ("CC BY-SA 4.0-3.0-2.5", None, Licence("CC BY-SA 4.0-3.0-2.5")),
        ("cc0", "1.0", Licence("CC0 1.0", f"{DOMAIN}/zero/1.0/")),
        ("pdm", "1.0", Licence("Public domain")),
        ("PD-USGov", None, Licence("Public domain")),
        ("sampling+", "1.0", Licence("CC SAMPLING+ 1.0", f"{DEED}/sampling+/1.0/")),
        ("Attribution-ShareAlike 2.5 Generic", None, Licence("CC BY-SA 2.5", f"{DEED}/by-sa/2.5/")),
        ("all rights reserved.", None, Licence("All rights reserved")),
        (f"{DEED}/by-nc/4.0/deed.en", None, Licence("CC BY-NC 4.0", f"{DEED}/by-nc/4.0/deed.en")),
        (f"{DOMAIN}/mark/1.0/", None, Licence("Public domain", f"{DOMAIN}/mark/1.0/")),
        ("https://example.org/terms", None, Licence(None, "https://example.org/terms")),
        ("by-sa", "four", Licence("CC BY-SA")),
        ("  GFDL\n 1.2 ", None, Licence("GFDL 1.2")),
        ("Ask  my\taunt", None, Licence("Ask my aunt")),
        ("", None, UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_a_claim_gets_its_short_form(
    claim: str | None, version: str | None, expected: Licence
) -> None:
    assert licence(claim, version=version) == expected


def test_the_address_that_was_told_is_kept_and_tells_the_version() -> None:
    address = "http://creativecommons.org/licenses/by/3.0/us/"
    assert licence("CC BY", address=address) == Licence("CC BY 3.0 US", address)
    assert licence(None, address=address) == Licence("CC BY 3.0 US", address)
    assert licence("CC BY-SA 4.0", address="https://a.org") == Licence(
        "CC BY-SA 4.0", "https://a.org"
    )


@pytest.mark.parametrize(
    ("name", "permitted"),
    [
        ("CC0 1.0", {REUSE, CHANGE, COMMERCIAL}),
        ("Public domain", {REUSE, CHANGE, COMMERCIAL}),
        ("CC BY 2.0", {REUSE, CHANGE, COMMERCIAL}),
        ("CC BY-SA 3.0 DE", {REUSE, CHANGE, COMMERCIAL}),
        ("CC BY-ND 4.0", {REUSE, COMMERCIAL}),
        ("CC BY-NC", {REUSE, CHANGE}),
        ("CC BY-NC-ND 2.0", {REUSE}),
        ("CC SAMPLING+ 1.0", {REUSE, CHANGE}),
        ("GFDL", {REUSE, CHANGE, COMMERCIAL}),
        ("Attribution", {REUSE, CHANGE, COMMERCIAL}),
        ("Attribution for friends only", set()),
        ("All rights reserved", set()),
        ("Byzantine", set()),
        (CLAIMED_BY_SEARCH[REUSE], {REUSE}),
        (CLAIMED_BY_SEARCH[CHANGE], {REUSE, CHANGE}),
        (CLAIMED_BY_SEARCH[COMMERCIAL], {REUSE, COMMERCIAL}),
        ("", set()),
        (None, set()),
    ],
)
def test_a_licence_permits_what_it_says_and_an_unknown_one_nothing(
    name: str | None, permitted: set[LicenceChoice]
) -> None:
    assert {choice for choice in LicenceChoice if permits(name, choice)} == {ANY, *permitted}
