"""Where a network's weights come from, and how it is known that they are the right ones.

Weights from the internet lie in the cache folder once they were fetched; see `download.py`.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nocode_classifier.errors import WeightsUnavailable

MARK = 8
"""So many digits of a file's SHA-256 stand in file names, as in those of PyTorch's own files."""


@dataclass(frozen=True, slots=True)
class Bundled:
    """Weights that an installed package carries.

    Attributes:
        package: the module whose folder they lie in; it is never run.
        file: their path inside it.
        sha256: of the file; anything else is refused.
    """

    package: str
    file: str
    sha256: str

    @property
    def mark(self) -> str:
        """Names these weights and no others: 8 hex digits."""
        return self.sha256[:MARK]

    def path(self, label: str) -> Path:
        """Where the file lies, after checking that it is the expected one.

        Args:
            label: of the network, for the sentence.

        Raises:
            WeightsUnavailable: the package is missing or its file is not the one this app was
                made with.
        """
        # find_spec does not run the package, which writes nothing and imports nothing.
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise WeightsUnavailable(
                f"The package {self.package} is missing; install the app again."
            )
        path = Path(spec.origin).parent / self.file
        if not path.is_file():
            raise WeightsUnavailable(f"The weights of {label} are missing; install the app again.")
        if sha256_of(path) != self.sha256:
            raise WeightsUnavailable(
                f"The weights of {label} are not the ones this app was made with "
                "(their SHA-256 differs); install the app again."
            )
        return path


@dataclass(frozen=True, slots=True)
class FromHub:
    """Weights in a public repository of the Hugging Face Hub.

    Attributes:
        repository: "owner/name".
        file: path of the weights in it.
        sha256: of the file where it is known; what the Hub says of it counts otherwise.
    """

    repository: str
    file: str
    sha256: str | None = None

    @property
    def mark(self) -> str:
        """Names these weights and no others: 8 hex digits."""
        named = f"{self.repository}/{self.file}"
        return (self.sha256 or hashlib.sha256(named.encode()).hexdigest())[:MARK]

    @property
    def kept_as(self) -> str:
        """Name of the file in the cache folder."""
        name = self.repository.rpartition("/")[2]
        return f"{name}-{self.mark}{Path(self.file).suffix}"


@dataclass(frozen=True, slots=True)
class FromAddress:
    """Weights at an address on the web, named as PyTorch names its own: "name-1a2b3c4d.pth".

    Attributes:
        address: its file name ends in the first 8 hex digits of the file's SHA-256.
    """

    address: str

    @property
    def mark(self) -> str:
        """Names these weights and no others: 8 hex digits."""
        return Path(self.kept_as).stem[-MARK:]

    @property
    def kept_as(self) -> str:
        """Name of the file in the cache folder."""
        return self.address.rpartition("/")[2]


Weights = Bundled | FromHub | FromAddress


def kept_weights(cache: Path) -> Path:
    """The folder for weights from the internet."""
    return cache / "weights"


def sha256_of(path: Path) -> str:
    """A file's SHA-256, in hex."""
    digest = hashlib.sha256()
    for piece in _pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece
