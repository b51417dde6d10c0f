"""Who we say we are to every server that we ask."""

from __future__ import annotations

import os
import re

from nocode_classifier import __version__
from nocode_classifier.errors import InputError

PRODUCT = "nocode-classifier"
"""The name that a server's rules for robots can address."""

CONTACT_VARIABLE = "NOCODE_CLASSIFIER_CONTACT"
LONGEST_CONTACT = 200

_MAIL = re.compile(r"[^\s@()<>\\]+@[^\s@()<>\\]+\.[^\s@()<>\\]+")
_WEB = re.compile(r"https?://[^\s()<>\\]+")


def user_agent(contact: str = "") -> str:
    """What to send as User-Agent, in the form that Wikimedia asks of every program.

    Args:
        contact: how whoever runs this app can be reached, an e-mail or a web address; taken from
            NOCODE_CLASSIFIER_CONTACT if empty. Where there is none, none is made up: one address
            for all who use the app would make a server count them as one.

    Raises:
        InputError: the contact is neither an e-mail nor a web address.
    """
    import httpx

    given = checked_contact(contact or os.environ.get(CONTACT_VARIABLE, ""))
    reach = f" ({given})" if given else ""
    return f"{PRODUCT}/{__version__}{reach} httpx/{httpx.__version__}"


def checked_contact(contact: str) -> str:
    """A contact that can stand in a header: nothing in it ends the line or the brackets.

    Raises:
        InputError: it is neither an e-mail nor a web address.
    """
    given = contact.strip()
    usable = given.isascii() and given.isprintable() and len(given) <= LONGEST_CONTACT
    if given and not (usable and (_MAIL.fullmatch(given) or _WEB.fullmatch(given))):
        raise InputError(
            "The contact must be an e-mail address or a web address such as "
            f"https://example.org/about, at most {LONGEST_CONTACT} plain characters "
            f"(it is in {CONTACT_VARIABLE} unless it was given)."
        )
    return given
