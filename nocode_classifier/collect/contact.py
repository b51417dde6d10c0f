"""How the person at this computer can be reached, for the services that ask for it.

Kept as one line of text beside the projects, never inside one: it does not travel with exports.
"""

from __future__ import annotations

from pathlib import Path

from nocode_classifier.collect.download.identity import checked_contact
from nocode_classifier.disk_errors import in_words
from nocode_classifier.errors import InputError

FILE_NAME = "contact.txt"


class Contact:
    """The contact that is kept in a home folder. Any thread and any process may use it."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE_NAME

    def read(self) -> str:
        """An e-mail or web address; "" where none was given, or what is there can't be used."""
        try:
            return checked_contact(self._path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, InputError):
            return ""

    def save(self, contact: str) -> str:
        """Keep a contact, or none if it is empty; returns it tidied.

        Raises:
            InputError: it is neither an e-mail nor a web address.
            Unavailable: it can't be written.
        """
        given = checked_contact(contact)
        with in_words(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(f"{given}\n", encoding="utf-8")
        return given
