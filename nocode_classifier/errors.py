"""The errors the app raises on purpose, and nothing else.

AppError                    anything a person can be told in a sentence
├── InputError              what was given can't be used; the sentence says what to give instead
│   ├── InsideAddress       a link leads into this computer or its own network
│   └── PhotoRefused        one photo didn't pass its check; the rest of the batch goes on
│       ├── NotAPhoto       it is something else: a web page, a text, a kind nobody reads
│       ├── TooSmall        it has too few pixels
│       ├── TooBig          it has too many pixels or bytes
│       └── TakenDown       someone asked for it, or what it is a copy of, to stay away
├── NotReady                a step needs something first; the sentence says what to add
├── NotFound                a project, class, photo or model that isn't there (any more)
├── Busy                    the project already has a job running
├── NotProven               an export does not answer as the app does, so it was not handed over
└── Unavailable             something outside failed: network, disk
    ├── Unwritable          nothing can be written there: the disk is full, or may not be changed
    └── WeightsUnavailable  a pretrained network could not be had; another one may do
Cancelled                   someone pressed Stop; not an error, nothing is lost

The core raises these with a sentence a beginner understands; the page and the command line
only pass the sentence on (see `ui/errors.py` and `cli.py`). What the disk says on its own, they
put into a sentence with `disk_errors.py`.
"""

from __future__ import annotations


class AppError(Exception):
    """Something went wrong that a person can be told about; `str(error)` is that sentence."""


class InputError(AppError):
    """What was given can't be used."""


class PhotoRefused(InputError):
    """One photo was turned away by the photo check."""


class NotAPhoto(PhotoRefused):
    """What came is something else than a photo."""


class TooSmall(PhotoRefused):
    """A photo with too few pixels."""


class TooBig(PhotoRefused):
    """A photo with too many pixels or bytes."""


class TakenDown(PhotoRefused):
    """A photo that someone asked to stay away, or a near copy of one."""


class InsideAddress(InputError):
    """A link leads into this computer or its own network, where links may not lead."""


class NotReady(AppError):
    """A step needs something else to be done first."""


class NotFound(AppError):
    """The thing asked for does not exist, or not any more."""


class Busy(AppError):
    """The project already has a job running."""


class NotProven(AppError):
    """An export could not be shown to answer as the app does."""


class Unavailable(AppError):
    """Something this computer needs from elsewhere could not be had."""


class Unwritable(Unavailable):
    """A place can't be written: the disk is full, or it may not be changed."""


class WeightsUnavailable(Unavailable):
    """The weights of a pretrained network are missing, wrong, or could not be fetched."""


class Cancelled(Exception):
    """Someone pressed Stop. Raised by `progress.check_stop`; nothing half-done is kept."""
