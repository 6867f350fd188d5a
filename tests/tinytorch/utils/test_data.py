"""tinytorch.utils.data: chapter 08's classes under the names of torch.utils.data."""

import pytest

import tinytorch
from tinytorch.utils import data
from tools.bench.import_time import python


def test_the_names_are_those_of_the_chapter():
    assert data.__all__ == ["Dataset", "TensorDataset", "DataLoader"]
    for name in data.__all__:
        assert getattr(data, name) is getattr(tinytorch, name)
        assert name in dir(data)
    with pytest.raises(AttributeError, match=r"utils\.data has no .*'Loader'"):
        _ = data.Loader


def test_a_dataset_is_loaded_in_batches():
    images = data.TensorDataset(tinytorch.Tensor([[1.0], [2.0], [3.0]]))
    batches = [x.tolist() for (x,) in data.DataLoader(images, batch_size=2)]
    assert batches == [[[1.0], [2.0]], [[3.0]]]


def test_nothing_is_imported_before_the_first_name():
    found = python(
        "import sys, tinytorch.utils.data as data\n"
        "print('numpy' in sys.modules, end=' ')\n"
        "from tinytorch.utils.data import DataLoader\n"
        "print('numpy' in sys.modules, DataLoader.__module__)"
    )
    assert found == "False True tinytorch.core.dataloader"
