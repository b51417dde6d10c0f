"""Why photos are worth a second look, as people say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from nocode_classifier.check.suspects import Suspicion

WORDS: Mapping[Suspicion, tuple[str, str]] = {
    Suspicion.UNREADABLE: ("can't be read any more", "can't be read any more"),
    Suspicion.MISLABELLED: ("is probably in the wrong class", "are probably in the wrong class"),
    Suspicion.DUPLICATE: ("is nearly the same as another", "are nearly the same as others"),
    Suspicion.ODD: ("is unlike the rest of its class", "are unlike the rest of their class"),
    Suspicion.BLURRY: ("is blurry", "are blurry"),
    Suspicion.DARK: ("is very dark", "are very dark"),
    Suspicion.BRIGHT: ("is too bright", "are too bright"),
    Suspicion.TINY: ("is tiny", "are tiny"),
    Suspicion.SHAPE: ("has an odd shape", "have an odd shape"),
    Suspicion.PLACEHOLDER: ("looks like a placeholder", "look like placeholders"),
    Suspicion.TEXT: ("looks like a screenshot of text", "look like screenshots of text"),
}
"""What one photo is, and several are."""


def suspicion_sentences(kinds: Iterable[Suspicion]) -> Iterator[str]:
    """How many photos are suspicious, a sentence for each kind.

    Args:
        kinds: of each photo.
    """
    counts = Counter(kinds)
    for kind, (one, several) in WORDS.items():
        if count := counts[kind]:
            yield f"{count:,} {f'photo {one}' if count == 1 else f'photos {several}'}."
