"""Reads checkpoints of chapter 07, and describes in JSON what they hold besides arrays.

A checkpoint is a file written by numpy.savez: a zip archive with a checksum for each
array. It holds no code, so that opening a file from elsewhere runs nothing. As savez
stores only arrays, settings, notes and the states of random generators are stored as
JSON, in an array of bytes.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

import numpy as np

from tinytorch.errors import training as errors

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXT = "settings"  # the name in the file of the array that holds the JSON
FORMAT = 1  # the version of the JSON; `read` refuses files of another version


class Model(Protocol):
    """A model, of which only modules() is used."""

    def modules(self) -> list[Any]:
        """Return the model itself and all layers inside it."""


class Description(TypedDict):
    """The JSON in a checkpoint."""

    format: int
    optimizer: dict[str, Any]  # `settings` of the optimizer; {} for none
    schedule: dict[str, Any]  # `settings` of the schedule; {} for none
    generators: dict[str, dict[str, Any]]  # {name: the state of a bit generator}
    notes: dict[str, Any]


def settings(thing: object) -> dict[str, Any]:
    """Return {name: value} of an object's attributes that are numbers or lists of them.

    Tuples of numbers are included, arrays are not: a checkpoint stores those under
    their own names. None has no attributes.
    """
    return {} if thing is None else {k: v for k, v in vars(thing).items() if plain(v)}


def plain(value: object) -> bool:
    """Whether a value is a number, or a list or tuple of numbers."""
    if isinstance(value, list | tuple):
        return all(isinstance(item, int | float) for item in value)
    return isinstance(value, int | float)


def generators(
    model: Model, rng: np.random.Generator | None
) -> dict[str, np.random.Generator]:
    """Return {name: random generator} of a model's layers, and "rng": rng unless None.

    A layer's generator is named by the layer's place in model.modules() and by its
    attribute, as in "3.rng".
    """
    found = {
        f"{number}.{name}": value
        for number, layer in enumerate(model.modules())
        for name, value in vars(layer).items()
        if isinstance(value, np.random.Generator)
    }
    return found | ({} if rng is None else {"rng": rng})


def describe(
    model: Model,
    optimizer: object,
    schedule: object,
    rng: np.random.Generator | None,
    notes: Mapping[str, Any],
) -> NDArray[np.uint8]:
    """Return the JSON of a checkpoint, a Description, as an array of bytes.

    Args: model, optimizer, schedule and rng, whose settings and generators' states are
        stored; all but model may be None. notes, {name: value that JSON can hold}.
    Raises: TypeError if a note cannot be written as JSON.
    """
    for name, note in notes.items():
        try:
            json.dumps(note)
        except (TypeError, ValueError):
            raise errors.not_a_note(name, note) from None
    states = generators(model, rng).items()
    text = json.dumps(
        {
            "format": FORMAT,
            "optimizer": settings(optimizer),
            "schedule": settings(schedule),
            "generators": {name: g.bit_generator.state for name, g in states},
            "notes": notes,
        },
        default=np.ndarray.tolist,  # the states of some generators hold arrays
    )
    return np.frombuffer(text.encode(), np.uint8)


def read(path: str | Path) -> tuple[dict[str, NDArray[Any]], Description]:
    """Return the arrays of a checkpoint, {name: array}, and its Description.

    Raises: FileNotFoundError, IsADirectoryError or PermissionError if the file cannot
        be opened; ValueError if it is damaged, is not a checkpoint, or has another
        FORMAT.
    """
    try:
        with (
            Path(path).open("rb") as file,
            np.load(file, allow_pickle=False) as archive,
        ):
            # Read all arrays now: zipfile compares a checksum only as it reads.
            arrays = {name: archive[name] for name in archive}
        described: Description = json.loads(arrays.pop(TEXT).tobytes())
        if described["format"] != FORMAT:
            raise ValueError(f"its format is {described['format']!r}")
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    except BROKEN as error:
        raise errors.broken_file(path, str(error) or "it is empty") from None
    return arrays, described


# The exceptions of numpy, zipfile and json for a damaged file. Which of them is raised
# depends on the damage: a wrong checksum, a file cut short, a header that names another
# method of compression, or a file of another kind.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, json.JSONDecodeError, UnicodeDecodeError),
    *(ValueError, KeyError, AttributeError, TypeError, EOFError, OSError),
    *(NotImplementedError, RuntimeError),
)


def compare(
    path: str | Path,
    described: Description,
    model: Model,
    optimizer: object,
    schedule: object,
    rng: np.random.Generator | None,
) -> None:
    """Raise ValueError unless a checkpoint's Description fits the objects to restore.

    The names of settings must be equal, and so must names and kinds of random
    generators. This runs before anything is restored, so that a file that does not fit
    changes nothing.

    Args: path, of the checkpoint, for the message; described, from `read`; optimizer,
        schedule and rng, not compared if None.
    """
    saved_settings = {
        "optimizer": described["optimizer"],
        "schedule": described["schedule"],
    }
    for name, thing in (("optimizer", optimizer), ("schedule", schedule)):
        if thing is not None and saved_settings[name].keys() != settings(thing).keys():
            raise errors.settings_differ(path, name)
    live, saved = generators(model, rng), described["generators"]
    if rng is None:
        saved = {name: state for name, state in saved.items() if name != "rng"}
    kinds = {name: g.bit_generator.state["bit_generator"] for name, g in live.items()}
    if kinds != {name: state["bit_generator"] for name, state in saved.items()}:
        raise errors.settings_differ(path, "random generator")


def restore(
    described: Description,
    model: Model,
    optimizer: object,
    schedule: object,
    rng: np.random.Generator | None,
) -> dict[str, Any]:
    """Set settings and generator states as they were saved; return the notes.

    Args: described, from `read`, checked by `compare`; model, optimizer, schedule and
        rng, the objects to change; all but model may be None.
    """
    for saved, thing in (
        (described["optimizer"], optimizer),
        (described["schedule"], schedule),
    ):
        for key, value in settings(thing).items():
            # Cast to the type of the present value: JSON turned tuples into lists.
            setattr(thing, key, type(value)(saved[key]))
    for name, generator in generators(model, rng).items():
        generator.bit_generator.state = described["generators"][name]
    return described["notes"]
