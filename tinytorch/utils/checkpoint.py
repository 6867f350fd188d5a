"""What a checkpoint holds beside arrays, and how its file is written and read.

The file is one that numpy.savez writes: a zip archive with a checksum for each array.
Nothing in it is code, so opening one from elsewhere runs nothing. Settings, notes and
the states of random generators go into it as JSON, in an array of bytes.
"""

import json
import zipfile
import zlib
from pathlib import Path

import numpy as np

from tinytorch.errors import training as errors

TEXT = "settings"  # the name under which the JSON is stored
FORMAT = 1


def settings(thing):
    """The attributes of an object that are numbers, or lists or tuples of numbers."""
    return {} if thing is None else {k: v for k, v in vars(thing).items() if plain(v)}


def plain(value):
    """Whether a value is a number, or a list or tuple of numbers."""
    if isinstance(value, list | tuple):
        return all(isinstance(item, int | float) for item in value)
    return isinstance(value, int | float)


def generators(model, rng):
    """The random generators of a model's layers, and rng if there is one, by name."""
    found = {
        f"{number}.{name}": value
        for number, layer in enumerate(model.modules())
        for name, value in vars(layer).items()
        if isinstance(value, np.random.Generator)
    }
    return found | ({} if rng is None else {"rng": rng})


def describe(model, optimizer, schedule, rng, notes):
    """All that is no array, as JSON in an array of bytes.

    Raises: TypeError if a note cannot be written.
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
        default=np.ndarray.tolist,  # in the state of some generators
    )
    return np.frombuffer(text.encode(), np.uint8)


def read(path):
    """The arrays in a file, by name, and what describe wrote.

    Raises: FileNotFoundError; ValueError if the file is cut short or no checkpoint.
    """
    try:
        with (
            Path(path).open("rb") as file,
            np.load(file, allow_pickle=False) as archive,
        ):
            arrays = {name: archive[name] for name in archive}  # checks the checksums
        told = json.loads(arrays.pop(TEXT).tobytes())
        if told["format"] != FORMAT:
            raise ValueError(f"its format is {told['format']!r}")
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    except BROKEN as error:
        raise errors.broken_file(path, str(error) or "it is empty") from None
    return arrays, told


BROKEN = (
    *(zipfile.BadZipFile, zlib.error, json.JSONDecodeError, UnicodeDecodeError),
    *(ValueError, KeyError, AttributeError, TypeError, EOFError, OSError),
    *(NotImplementedError, RuntimeError),
)


def compare(path, told, model, optimizer, schedule, rng):
    """Raise ValueError unless what is no array fits the objects that are given."""
    for name, thing in (("optimizer", optimizer), ("schedule", schedule)):
        if thing is not None and told[name].keys() != settings(thing).keys():
            raise errors.settings_differ(path, name)
    live, saved = generators(model, rng), told["generators"]
    if rng is None:
        saved = {name: state for name, state in saved.items() if name != "rng"}
    kinds = {name: g.bit_generator.state["bit_generator"] for name, g in live.items()}
    if kinds != {name: state["bit_generator"] for name, state in saved.items()}:
        raise errors.settings_differ(path, "random generator")


def restore(told, model, optimizer, schedule, rng):
    """Put settings and the states of generators back; returns the notes."""
    for name, thing in (("optimizer", optimizer), ("schedule", schedule)):
        for key, value in settings(thing).items():
            setattr(thing, key, type(value)(told[name][key]))
    for name, generator in generators(model, rng).items():
        generator.bit_generator.state = told["generators"][name]
    return told["notes"]
