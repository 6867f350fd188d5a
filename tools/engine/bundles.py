"""Makes the engine's JavaScript: installs npm packages and bundles with esbuild."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from tools.engine.toolchain import (
    HERE,
    NPM,
    WORK,
    EngineError,
    Stamp,
    digest_of,
    node_command,
    npm_command,
    run,
)

BUNDLES = WORK / "bundles"
NAMES = (
    "thebe.js",
    "thebe.css",
    "editor.js",
    "kernel.js",
    "server.js",
    "worker.js",
    "LICENSES.txt",
)
_LISTS = (HERE / "package.json", HERE / "package-lock.json")


def install_packages(lists: Iterable[Path] = _LISTS, target: Path = NPM) -> None:
    """Install npm packages, pinned by hash, into target/node_modules.

    Does nothing where the same packages are installed already.

    Args: lists, paths of the package.json and package-lock.json of an npm project; by
        default the engine's.
    Raises: EngineError when npm is not installed, or cannot fetch the packages.
    """
    lists = tuple(lists)
    stamp = Stamp(target / "installed", digest_of(*lists))
    if stamp.is_current:
        return
    target.mkdir(parents=True, exist_ok=True)
    stamp.remove()
    for path in lists:
        shutil.copyfile(path, target / path.name)
    print("fetching npm's packages ...", flush=True)
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    command += [
        "--loglevel=error",
        # Without a network npm would wait ten seconds, then a minute, by default.
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
    ]
    try:
        run(command, target, PUPPETEER_SKIP_DOWNLOAD="1")
    except EngineError as error:
        raise EngineError(f"npm could not fetch its packages: {error}") from None
    stamp.write()


def bundle() -> Path:
    """Make the bundles that NAMES lists; return the folder that holds them.

    Raises: EngineError when Node is not installed, npm or esbuild fails, or one of the
        bundles is not made.
    """
    install_packages()
    program = HERE / "bundle.mjs"
    stamp = Stamp(WORK / "bundles.key", digest_of(*_LISTS, program, HERE / "js"))
    if stamp.is_current and all((BUNDLES / name).is_file() for name in NAMES):
        return BUNDLES
    stamp.remove()
    shutil.rmtree(BUNDLES, ignore_errors=True)
    run([*node_command(), program, HERE / "js", NPM, BUNDLES], NPM)
    absent = [name for name in NAMES if not (BUNDLES / name).is_file()]
    if absent:
        raise EngineError(f"bundle.mjs made no {', '.join(absent)}")
    stamp.write()
    return BUNDLES
