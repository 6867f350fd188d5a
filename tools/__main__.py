"""Runs one of the project's programs: python -m tools VERB [SETTING=VALUE ...]

It needs nothing but the standard library: on a fresh machine it creates .venv, puts
the project's packages into it, and goes on there. VENV=no uses the running Python.
"""

import ast
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
VERBS = [
    "serve",
    "book",
    "test",
    "package",
    "notebooks",
    "analyze",
    "bench",
    "milestones",
    "release",
    "grade",
    "repair",
    "submissions",
    "bench-grade",
    "engine",
    "startup",
    "clean",
]


def main(arguments):
    """Take a verb and its settings, make sure of .venv, and run the verb."""
    settings = [argument for argument in arguments if "=" in argument]
    verbs = [argument for argument in arguments if "=" not in argument]
    if not verbs:
        return show_verbs()
    if len(verbs) > 1 or verbs[0] not in VERBS:
        return (
            f"python -m tools: got {' '.join(verbs)!r}; expected one of: "
            f"{', '.join(VERBS)}, then settings such as PORT=8001."
        )
    os.environ.update(setting.split("=", 1) for setting in settings)
    own_python = os.environ.get("VENV") == "no" or verbs[0] == "clean"
    if own_python or Path(sys.prefix).resolve() == VENV:
        sys.path.insert(0, str(ROOT))
        name = verbs[0].replace("-", "_")
        return importlib.import_module(f"tools.verbs.{name}").main()
    problem = set_up()
    return problem or run_in_venv(verbs[0])


def show_verbs():
    """Print each verb with the first line of its module's docstring."""
    print("Targets (make TARGET, or python -m tools TARGET):\n")
    for verb in VERBS:
        path = ROOT / "tools" / "verbs" / f"{verb.replace('-', '_')}.py"
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        print(f"  {verb:<11} {docstring.splitlines()[0]}")


def set_up():
    """Create .venv, or bring it up to date; return a message if that cannot be."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        found = ".".join(map(str, sys.version_info[:3]))
        return (
            f"This is Python {found}; TinyTorch needs 3.11, 3.12 or 3.13. "
            "Name one: make PYTHON=python3.11 ..."
        )
    stamp = VENV / "installed"
    wanted = fingerprint()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return None
    print("Setting up .venv (only needed once, a minute or two) ...", flush=True)
    try:
        importlib.import_module("ensurepip")
    except ImportError:
        version = ".".join(map(str, sys.version_info[:2]))
        return (
            "This Python has no ensurepip, so .venv cannot be made. On Debian and "
            f"Ubuntu: sudo apt install python{version}-venv. Then run this again."
        )
    if not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    install = [str(PYTHON), "-m", "pip", "install", "--quiet"]
    install += ["--disable-pip-version-check", "--constraint", "constraints.txt"]
    if subprocess.run([*install, "--editable", ".[book,test]"], cwd=ROOT).returncode:
        return (
            "Installing into .venv failed; pip's own message stands above. Without a "
            "network, connect and run this again: what was fetched is kept."
        )
    stamp.write_text(wanted)
    return None


def fingerprint():
    """Return a hash of what decides the contents of .venv."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def run_in_venv(verb):
    """Go on in .venv's Python; on POSIX in this very process, so Ctrl-C reaches it."""
    os.environ["PATH"] = f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(PYTHON), "-m", "tools", verb]
    os.chdir(ROOT)
    if os.name == "nt":
        return subprocess.run(command).returncode
    sys.stdout.flush()
    return os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
