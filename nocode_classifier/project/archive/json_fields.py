"""Reading JSON that someone else wrote: every value is checked before it is used."""

from __future__ import annotations

import json
from typing import Any

from nocode_classifier.errors import InputError

_HUGE = 1e15  # beyond it, whole numbers are no longer exact everywhere


class Fields:
    """One JSON object, read field by field.

    Every method raises `InputError` with a sentence when a field is missing or of another kind.
    """

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise damaged(f"{where} is no object")
        self._values: dict[str, Any] = value
        self.where = where

    @property
    def values(self) -> dict[str, Any]:
        """All of it, unchecked."""
        return self._values

    def has(self, key: str) -> bool:
        """Whether there is anything under this key."""
        return self._values.get(key) is not None

    def is_object(self, key: str) -> bool:
        """Whether there is an object under this key."""
        return isinstance(self._values.get(key), dict)

    def keys(self, most: int, longest: int) -> list[str]:
        """The names of its fields, at most so many, each of at most so many characters."""
        if len(self._values) > most:
            raise damaged(f"{self.where} has too many fields")
        if any(len(key) > longest or not _is_storable(key) for key in self._values):
            raise damaged(f"a name in {self.where} is no text")
        return list(self._values)

    def plain(self, key: str, longest: int) -> str | int | float | bool | None:
        """A text of at most so many characters, a finite number, yes or no, or nothing."""
        value = self._get(key)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float) and abs(value) < _HUGE:
            return value
        return self.text(key, longest)

    def text(self, key: str, longest: int) -> str:
        """A text of at most so many characters."""
        value = self._get(key)
        if not isinstance(value, str) or len(value) > longest or not _is_storable(value):
            raise damaged(f"'{key}' in {self.where} is no text")
        return value

    def text_or_none(self, key: str, longest: int) -> str | None:
        """A text, or nothing."""
        return None if self._values.get(key) is None else self.text(key, longest)

    def whole(self, key: str, most: int) -> int:
        """A whole number from 0 to `most`."""
        value = self._get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise damaged(f"'{key}' in {self.where} is no number that fits")
        return value

    def share(self, key: str) -> float:
        """A number from 0 to 1."""
        return self.number(key, 1)

    def number(self, key: str, most: float, *, least: float = 0) -> float:
        """A number from `least` to `most`."""
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise damaged(f"'{key}' in {self.where} is no number")
        if not least <= value <= most:  # NaN is not, either
            raise damaged(f"'{key}' in {self.where} is not between {least:g} and {most:g}")
        return float(value)

    def yes_or_no(self, key: str) -> bool:
        """True or false."""
        value = self._get(key)
        if not isinstance(value, bool):
            raise damaged(f"'{key}' in {self.where} is neither true nor false")
        return value

    def list_of(self, key: str, most: int) -> list[Any]:
        """A list of at most so many values of any kind."""
        value = self._get(key)
        if not isinstance(value, list) or len(value) > most:
            raise damaged(f"'{key}' in {self.where} is no list")
        return value

    def objects(self, key: str, most: int) -> list[Fields]:
        """A list of objects."""
        values = self.list_of(key, most)
        return [Fields(value, f"{key} {number}") for number, value in enumerate(values, 1)]

    def texts(self, key: str, most: int, longest: int) -> list[str]:
        """A list of texts."""
        return [
            Fields({key: value}, self.where).text(key, longest) for value in self.list_of(key, most)
        ]

    def by_name(self, key: str) -> dict[str, Fields]:
        """An object whose values are objects."""
        whole = Fields(self._get(key), key)
        return {name: Fields(value, name) for name, value in whole._values.items()}

    def object_or_none(self, key: str) -> Fields | None:
        """An object, or nothing."""
        value = self._values.get(key)
        return None if value is None else Fields(value, key)

    def _get(self, key: str) -> object:
        if key not in self._values:
            raise damaged(f"'{key}' in {self.where} is missing")
        return self._values[key]


def parse(data: bytes, where: str) -> Fields:
    """Read a JSON object from bytes.

    Raises:
        InputError: they are something else.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise damaged(f"{where} can't be read") from error
    return Fields(value, where)


def damaged(detail: str) -> InputError:
    """The sentence for a project file that is not as it should be."""
    return InputError(
        f"This project file is damaged ({detail}). Export the project again and use the new file."
    )


def _is_storable(text: str) -> bool:
    """JSON can spell halves of characters that no file and no database can hold."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
