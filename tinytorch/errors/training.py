"""The errors of chapter 07, Training."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def bad_schedule(total: object, warmup: object) -> ValueError:
    """ValueError: a schedule needs total >= 1 and 0 <= warmup < total.

    Args: total, warmup, its total_steps and warmup_steps.
    """
    return ValueError(
        "a schedule needs total_steps >= 1 and 0 <= warmup_steps < total_steps, got "
        f"total_steps={total!r}, warmup_steps={warmup!r}\n"
        "help: total_steps is epochs times batches; a warm-up of a tenth is usual"
    )


def bad_floor(min_lr: float, peak: float) -> ValueError:
    """ValueError: min_lr, a schedule's last rate, is below 0 or above `peak`.

    Args: peak, the optimizer's lr, which is the largest rate of the schedule.
    """
    return ValueError(
        f"a schedule falls from the optimizer's lr, {peak!r}, to min_lr, so it needs "
        f"0 <= min_lr <= {peak!r}, got {min_lr!r}\nhelp: give the optimizer its "
        "largest rate, and make the schedule before any step"
    )


def check_max_norm(max_norm: float) -> None:
    """Raise ValueError unless max_norm, clip_grad_norm's largest norm, is above 0."""
    if not max_norm > 0:
        raise ValueError(
            f"clip_grad_norm needs max_norm > 0, got {max_norm!r}\n"
            "help: 1.0 is usual; print the norms that it returns, and choose above them"
        )


def finite(what: str, value: float) -> float:
    """Return the value. Raises FloatingPointError if the value is nan or infinite.

    Args: what, the value's name in the message, such as "loss".
    """
    if not math.isfinite(value):
        raise FloatingPointError(
            f"the {what} is {value}, and a step by it would spoil every weight, so "
            "none was made\nhelp: look for nan in the data, try a smaller lr or a "
            "warm-up, or clip the gradients"
        )
    return value


def counted(count: int) -> int:
    """Return `count`, the number of examples seen. Raises ValueError if it is 0."""
    if not count:
        raise ValueError(
            "there were no batches, or only empty ones\n"
            "help: pass a list of (x, y), or a DataLoader; a generator is used up "
            "after one pass"
        )
    return count


def broken_file(path: str | Path, reason: str) -> ValueError:
    """ValueError: the file at path is not a checkpoint, or is damaged.

    Args: reason, a few words for the message.
    """
    return ValueError(
        f"{path} is no whole checkpoint ({reason}); nothing was changed\n"
        "help: it may have been cut short in copying, or be another kind of file; "
        "load one that was saved before it"
    )


def does_not_fit(
    path: str | Path,
    wrong: Sequence[str],
    saved: Mapping[str, Any],
    live: Mapping[str, Any],
) -> ValueError:
    """ValueError: the arrays of a checkpoint do not match the model's and optimizer's.

    Args: path, of the checkpoint; wrong, the names of the arrays that differ, at least
        one; saved, live, {name: array} in the file and in the model and optimizer.
    """

    def told(arrays: Mapping[str, Any]) -> str:
        array = arrays.get(wrong[0])
        return "nothing" if array is None else f"{array.dtype} {array.shape}"

    more = f", and {len(wrong) - 1} more differ" if len(wrong) > 1 else ""
    return ValueError(
        f"{path} does not fit: for {wrong[0]} it has {told(saved)}, here is "
        f"{told(live)}{more}; nothing was changed\n"
        "help: build model and optimizer as they were built when it was saved"
    )


def settings_differ(path: str | Path, what: str) -> ValueError:
    """ValueError: a checkpoint has no settings for an object, or those of another kind.

    Args: path, of the checkpoint; what, the object: "optimizer", "schedule" or "random
        generator".
    """
    return ValueError(
        f"{path} does not fit: it holds no {what} like the one given; nothing was "
        "changed\nhelp: save and load with the same model, optimizer, schedule, rng"
    )


def not_a_note(name: str, value: object) -> TypeError:
    """TypeError: the value of a checkpoint's note `name` is not one JSON can hold."""
    return TypeError(
        f"the note {name!r} holds a {type(value).__name__}, which is neither number, "
        "text, list nor dict\nhelp: save numbers, as in epoch=3, loss=loss.item()"
    )
