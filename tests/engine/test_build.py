"""Making the browser engine: pins, wheels, the lock file and the manifest."""

import hashlib
import json
import shutil
import zipfile

import pytest

from tools.engine import manifest, numpy_wheel
from tools.engine.build import build
from tools.engine.toolchain import HERE, OUTPUT, EngineError, digest_of, sha256
from tools.engine.wheel import MADE, write_tinytorch_wheel


@pytest.fixture
def folder(engine, tmp_path):
    """An engine's folder with no wheels in it."""
    if not engine["browser"]:
        pytest.skip("the browser engine is not built (make engine)")
    lock = manifest.read_lock(OUTPUT)
    manifest.write_lock(tmp_path, lock["info"], [])
    manifest.write_manifest(tmp_path, browser=True, numpy=False, missing=[])
    return tmp_path


def test_npm_packages_are_pinned_by_hash_and_name_no_registry():
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all("integrity" in entry for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    for name, version in wanted["dependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_the_manifest_lists_every_file_with_size_and_hash(engine):
    if not engine["browser"]:
        pytest.skip("the browser engine is not built (make engine)")
    assert manifest.is_whole(OUTPUT)
    for name in ("thebe.js", "thebe.css", "editor.js", "kernel.js", "worker.js"):
        assert engine["files"][name]["sha256"] == sha256(OUTPUT / name)
    lock = manifest.read_lock(OUTPUT)
    assert ("numpy" in lock["packages"]) == engine["numpy"]
    for entry in lock["packages"].values():
        assert entry["sha256"] == sha256(OUTPUT / "pyodide" / entry["file_name"])
    assert engine["python"] == lock["info"]["python"]


def test_a_second_build_does_nothing(engine):
    before = (OUTPUT / "engine.json").stat()
    assert build() == engine
    after = (OUTPUT / "engine.json").stat()
    if not engine["missing"]:
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_incomplete_folder_is_seen(folder):
    assert manifest.is_whole(folder)
    (folder / manifest.LOCK).write_text("{}")
    assert not manifest.is_whole(folder)
    assert not manifest.is_whole(folder / "nowhere")


def test_the_wheel_of_the_public_site_holds_source_and_bytecode(folder):
    wheel = write_tinytorch_wheel(folder, bytecode_only=False)
    first = wheel.read_bytes()
    names = zipfile.ZipFile(wheel).namelist()
    assert "tinytorch/__init__.py" in names
    assert "tinytorch/__pycache__/__init__.cpython-313.pyc" in names
    lock = manifest.read_lock(folder)
    assert lock["packages"]["tinytorch"]["sha256"] == sha256(wheel)
    facts = manifest.read_manifest(folder)
    assert facts["files"][f"pyodide/{wheel.name}"]["bytes"] == len(first)
    shutil.rmtree(MADE)
    write_tinytorch_wheel(folder, bytecode_only=False)
    assert wheel.read_bytes() == first


def test_the_wheel_of_a_course_holds_neither_source_nor_docstrings(folder, tmp_path):
    extra = tmp_path / "tinytorch_extra"
    extra.mkdir()
    (extra / "__init__.py").write_text('"""A told secret."""\nassert True\n')
    wheel = write_tinytorch_wheel(folder, bytecode_only=True, extra_packages=[extra])
    archive = zipfile.ZipFile(wheel)
    modules = [name for name in archive.namelist() if ".dist-info/" not in name]
    assert "tinytorch/__init__.pyc" in modules
    assert "tinytorch_extra/__init__.pyc" in modules
    code = [name for name in modules if not name.startswith("tinytorch/data/")]
    assert {name.rpartition(".")[2] for name in code} == {"pyc"}
    assert "tinytorch/data/__init__.pyc" in modules
    assert not [name for name in modules if name.endswith(".py")]
    assert all(b"told secret" not in archive.read(name) for name in modules)
    imports = manifest.read_lock(folder)["packages"]["tinytorch"]["imports"]
    assert imports == ["tinytorch", "tinytorch_extra"]


def test_the_record_of_a_wheel_is_true(folder):
    archive = zipfile.ZipFile(write_tinytorch_wheel(folder, bytecode_only=False))
    record = next(name for name in archive.namelist() if name.endswith("/RECORD"))
    lines = archive.read(record).decode().splitlines()
    assert {line.split(",")[0] for line in lines} == set(archive.namelist())
    assert all(
        int(size) == len(archive.read(name))
        for name, _, size in (line.split(",") for line in lines)
        if size
    )


def test_an_engine_without_pyodide_gets_no_wheel(tmp_path):
    assert write_tinytorch_wheel(tmp_path, bytecode_only=False) is None


@pytest.fixture
def numpy_folders(engine, tmp_path, monkeypatch):
    """Empty folders in place of those that keep what was fetched."""
    if not engine["browser"]:
        pytest.skip("the browser engine is not built (make engine)")
    monkeypatch.setattr(numpy_wheel, "FETCHED", tmp_path / "kept")
    return tmp_path


def test_an_unreachable_address_is_told(numpy_folders, monkeypatch):
    monkeypatch.setattr(numpy_wheel, "ADDRESS", "http://127.0.0.1:9/{version}/{name}")
    with pytest.raises(EngineError, match="was not reached.*WHEELS=DIR"):
        numpy_wheel.published_wheel()


def test_a_folder_without_the_wheel_is_told(numpy_folders):
    with pytest.raises(EngineError, match="is not a folder"):
        numpy_wheel.numpy_wheel(numpy_folders / "nowhere")
    (numpy_folders / "numpy-2.2.5-cp313-cp313-linux_x86_64.whl").write_bytes(b"")
    with pytest.raises(EngineError, match="holds no numpy for Pyodide"):
        numpy_wheel.numpy_wheel(numpy_folders)


def test_another_build_is_taken_from_a_folder_and_kept(numpy_folders, capsys):
    name = "numpy-9.9.9-cp313-cp313-pyodide_2025_0_wasm32.whl"
    (numpy_folders / name).write_bytes(b"another build")
    path, version = numpy_wheel.find_wheel(numpy_folders)
    said = capsys.readouterr().out
    assert (path.name, version) == (name, "9.9.9")
    assert "is not the file Pyodide pins" in said
    assert hashlib.sha256(b"another build").hexdigest() in said
    assert numpy_wheel.published_wheel() == (path, version)


def test_digests_follow_content_and_names(tmp_path):
    first = digest_of(tmp_path)
    (tmp_path / "a").write_text("1")
    second = digest_of(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, digest_of(tmp_path)}) == 3
