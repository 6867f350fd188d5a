"""The JavaScript of the engine: npm's packages, bundled once by esbuild."""

import shutil

from tools.engine.toolchain import (
    HERE,
    NPM,
    WORK,
    EngineError,
    digest_of,
    node_command,
    npm_command,
    run,
    up_to_date,
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


def install_packages(lists=_LISTS, target=NPM):
    """Bring npm's packages, as package-lock.json pins them, below a folder.

    ``lists`` are the two files of an npm project; the engine's when left out.
    """
    stamp, key = target / "installed", digest_of(*lists)
    if up_to_date(stamp, key):
        return
    target.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for path in lists:
        shutil.copyfile(path, target / path.name)
    print("fetching npm's packages ...", flush=True)
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    command += [
        "--loglevel=error",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
    ]
    try:
        run(command, target, PUPPETEER_SKIP_DOWNLOAD="1")
    except EngineError as error:
        raise EngineError(f"npm could not fetch its packages: {error}") from None
    stamp.write_text(key, encoding="utf-8")


def bundle():
    """Make the bundles and return their folder; EngineError when that fails."""
    install_packages()
    program = HERE / "bundle.mjs"
    stamp, key = WORK / "bundles.key", digest_of(*_LISTS, program, HERE / "js")
    if up_to_date(stamp, key) and all((BUNDLES / name).is_file() for name in NAMES):
        return BUNDLES
    stamp.unlink(missing_ok=True)
    shutil.rmtree(BUNDLES, ignore_errors=True)
    run([*node_command(), program, HERE / "js", NPM, BUNDLES], NPM)
    absent = [name for name in NAMES if not (BUNDLES / name).is_file()]
    if absent:
        raise EngineError(f"bundle.mjs made no {', '.join(absent)}")
    stamp.write_text(key, encoding="utf-8")
    return BUNDLES
