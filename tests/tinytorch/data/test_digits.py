"""The digits: the file's content, how it is split, and that wheels contain it."""

import hashlib
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from tinytorch.data import load_digits
from tinytorch.data.digits import FILE, round_to_sum, stratified_split
from tools import ROOT

COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # by the source's own table


def labels():
    with np.load(FILE) as file:
        return file["labels"]


def test_the_file_is_small_and_holds_what_its_source_says():
    assert FILE.stat().st_size < 60_000
    with np.load(FILE, allow_pickle=False) as file:
        assert file["images"].shape == (1797, 8, 8)
        assert (file["images"].min(), file["images"].max()) == (0, 16)
    assert np.bincount(labels()).tolist() == COUNTS
    readme = (FILE.parent / "README.md").read_text(encoding="utf-8")
    assert f"{FILE.stat().st_size:,} bytes" in readme
    assert "Alpaydin" in readme and "Attribution 4.0" in readme


def test_digits_come_in_four_arrays():
    x, y, x_test, y_test = load_digits()
    assert (x.shape, x_test.shape) == ((1437, 1, 8, 8), (360, 1, 8, 8))
    assert (y.shape, y_test.shape) == ((1437,), (360,))
    assert (x.dtype, y.dtype) == (np.float32, np.int64)
    assert x.min() == x_test.min() == 0 and x.max() == x_test.max() == 1
    both = np.concatenate([x, x_test]) * 16
    assert (both == np.round(both)).all()
    for n, part in [(1437, y), (360, y_test)]:
        share = np.bincount(part) - np.array(COUNTS) * n / 1797
        assert np.abs(share).max() < 1
    x[:] = 7  # the caller's own
    assert load_digits()[0].max() == 1


def test_an_image_looks_like_its_label():
    """The nearest training image's label is right far more often than chance."""
    x, y, x_test, y_test = load_digits()
    flat, tests = x.reshape(1437, 64), x_test.reshape(360, 64)
    distances = (tests**2).sum(1)[:, None] - 2 * tests @ flat.T + (flat**2).sum(1)
    assert (y[distances.argmin(axis=1)] == y_test).mean() > 0.95


def test_the_split_is_the_one_that_was_published():
    train, test = stratified_split(labels(), 0.2, seed=0)
    assert sorted([*train, *test]) == list(range(1797))
    digest = hashlib.sha256(test.astype("<i8").tobytes()).hexdigest()
    assert digest.startswith("2fbaae31b8c6aad1")


def test_the_split_is_scikit_learns():
    selection = pytest.importorskip("sklearn.model_selection")
    for share, seed in [(0.2, 0), (0.2, 1), (0.25, 2), (0.33, 3)]:
        train, test = stratified_split(labels(), share, seed)
        theirs = selection.train_test_split(
            np.arange(1797), test_size=share, stratify=labels(), random_state=seed
        )
        assert [train.tolist(), test.tolist()] == [sorted(t.tolist()) for t in theirs]


def test_the_file_is_scikit_learns():
    theirs = pytest.importorskip("sklearn.datasets").load_digits()
    with np.load(FILE) as file:
        assert (file["images"] == theirs.images).all()
        assert (file["labels"] == theirs.target).all()


def test_rounding_keeps_the_sum():
    rng = np.random.RandomState(0)
    assert round_to_sum(np.array([1.2, 2.7, 3.1]), rng).tolist() == [1, 3, 3]
    for _ in range(20):
        got = round_to_sum(np.array([0.5, 0.5, 1.5, 1.5]), rng)
        assert got.sum() == 4 and (np.abs(got - [0.5, 0.5, 1.5, 1.5]) == 0.5).all()


@pytest.mark.site
def test_the_digits_are_in_the_wheel_that_pip_builds(tmp_path):
    source = tmp_path / "source"  # a build leaves folders behind
    shutil.copytree(ROOT / "tinytorch", source / "tinytorch")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", tmp_path]
    done = subprocess.run([*command, source], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no wheel could be built here: {done.stderr.strip()[-200:]}")
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"tinytorch/data/digits.npz", "tinytorch/data/README.md"} <= {*names}


def test_the_digits_are_in_the_wheel_of_the_page():
    from tools.engine.wheel import _files

    assert "tinytorch/data/digits.npz" in _files(ROOT / "tinytorch")
