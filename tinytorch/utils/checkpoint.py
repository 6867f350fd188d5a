"""Reads and writes what a checkpoint of chapter 07 holds beside the weights.

A checkpoint is a file that numpy.savez writes: a zip archive with a checksum for each
array. Nothing in it is code, so opening a file from elsewhere runs nothing. As savez
stores arrays only, settings, notes and the states of random generators go into it as
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

TEXT = "settings"  # the name of the array of bytes in the file
FORMAT = 1  # of that JSON; a file of another format is refused


class Model(Protocol):
    """A model, of which only its layers are looked at."""

    def modules(self) -> list[Any]:
        """Return the model itself and all layers inside of it."""


class Description(TypedDict):
    """The JSON in a checkpoint."""

    format: int
    optimizer: dict[str, Any]  # {attribute: number, or list of numbers}
    schedule: dict[str, Any]
    generators: dict[str, dict[str, Any]]  # {name: the state of a bit generator}
    notes: dict[str, Any]


def settings(thing: object) -> dict[str, Any]:
    """Return {name: value} of an object's attributes that are numbers, or rows of them.

    Arrays are none of these: a checkpoint has them under names of their own.
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
    """Return {name: random generator} of a model's layers, and `rng` if there is one.

    The name has the place of the layer among the model's modules, as in "3.rng".
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
    """Return settings, generator states and notes as an array of JSON bytes.

    Args: optimizer, schedule and rng may be None. notes, {name: what JSON can hold}.
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
    """Return the arrays of a checkpoint, {name: array}, and what `describe` wrote.

    Raises: FileNotFoundError, IsADirectoryError or PermissionError if it cannot be
        opened; ValueError if it is cut short or no checkpoint.
    """
    try:
        with (
            Path(path).open("rb") as file,
            np.load(file, allow_pickle=False) as archive,
        ):
            # Read whole here: the zip archive compares each checksum when it is read.
            arrays = {name: archive[name] for name in archive}
        described: Description = json.loads(arrays.pop(TEXT).tobytes())
        if described["format"] != FORMAT:
            raise ValueError(f"its format is {described['format']!r}")
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    except BROKEN as error:
        raise errors.broken_file(path, str(error) or "it is empty") from None
    return arrays, described


# What numpy, zipfile and json raise for a damaged file depends on the place of the
# damage: a wrong checksum, a length cut short, a header that names another method of
# compression, or a whole file of another kind.
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
    """Raise ValueError unless settings and generators fit the objects that are given.

    Called before anything is restored, so that a file that does not fit changes
    nothing. An optimizer, schedule or rng of None is not compared.
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
    """Set settings and the states of generators as they were saved; return the notes.

    An optimizer, schedule or rng of None is left out.
    """
    for saved, thing in (
        (described["optimizer"], optimizer),
        (described["schedule"], schedule),
    ):
        for key, value in settings(thing).items():
            # In the type it has here, since JSON makes lists of tuples.
            setattr(thing, key, type(value)(saved[key]))
    for name, generator in generators(model, rng).items():
        generator.bit_generator.state = described["generators"][name]
    return described["notes"]
