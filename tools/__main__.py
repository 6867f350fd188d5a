"""Runs a verb, one of the project's programs: python -m tools VERB [SETTING=VALUE ...]

Standard library only: on a fresh machine it creates .venv, installs the packages that
the verb needs into it (tools/environment/), and runs the verb with the Python of .venv.
VENV=no runs it with the running Python; UV=no installs with pip even where uv is found.
"""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

# tools.ROOT is the same, but cannot be imported before sys.path is set in main().
ROOT = Path(__file__).resolve().parent.parent
LOWEST, HIGHEST = (3, 11), (3, 14)


# Annotations are quoted so that a Python too old for them still reaches unsupported(),
# and prints its message instead of a traceback.
def main(arguments: "list[str]") -> "int | str | None":
    """Run the verb named in `arguments` with .venv's Python; without one, list verbs.

    Settings (NAME=VALUE) become environment variables, which the verbs read. Returns
    the argument for sys.exit: an exit code, an error message, or None for success.
    """
    if sys.version_info[:2] < LOWEST:
        return unsupported(sys.version_info[:3])
    sys.path.insert(0, str(ROOT))
    from tools.environment import needs, paths, venv

    settings = [argument for argument in arguments if "=" in argument]
    verbs = [argument for argument in arguments if "=" not in argument]
    if not verbs:
        show_verbs(list(needs.EXTRAS))
        return None
    if len(verbs) > 1 or verbs[0] not in needs.EXTRAS:
        return (
            f"python -m tools: got {' '.join(verbs)!r}; expected one of: "
            f"{', '.join(needs.EXTRAS)}, then settings such as PORT=8001."
        )
    for setting in settings:
        name, value = setting.split("=", 1)
        os.environ[name] = value
    if os.environ.get("VENV") == "no" or verbs[0] == "clean":
        return run_here(verbs[0])
    problem = unsupported(sys.version_info[:3]) or venv.set_up(verbs[0])
    if problem:
        return problem
    if venv.inside_venv():
        return run_here(verbs[0])
    return run_in_venv(verbs[0], paths.PYTHON)


def unsupported(version: "tuple[int, ...]") -> "str | None":
    """Return the error message for this Python version; None if it is supported."""
    if LOWEST <= version[:2] <= HIGHEST:
        return None
    return (
        f"This is Python {'.'.join(map(str, version))}; TinyTorch's tools need "
        f"{'.'.join(map(str, LOWEST))} to {'.'.join(map(str, HIGHEST))}. "
        "Name one: make PYTHON=python3.12 ..."
    )


def show_verbs(verbs: "list[str]") -> None:
    """Print each verb with the first line of its module's docstring."""
    print("Targets (make TARGET, or python -m tools TARGET):\n")
    for verb in verbs:
        path = ROOT / "tools" / "verbs" / f"{verb.replace('-', '_')}.py"
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        print(f"  {verb:<11} {docstring.splitlines()[0]}")


def run_here(verb: str) -> "int | str | None":
    """Run the verb in this process; return the result of its module's main()."""
    program = importlib.import_module(f"tools.verbs.{verb.replace('-', '_')}")
    result: int | str | None = program.main()
    return result


def run_in_venv(verb: str, python: Path) -> "int | None":
    """Run the verb with `python`, which is .venv's; on Windows return its exit code.

    On POSIX this never returns: that Python replaces this process, so that Ctrl-C and
    signals reach it.
    """
    os.environ["PATH"] = f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(python), "-m", "tools", verb]
    os.chdir(ROOT)
    if os.name == "nt":
        return subprocess.run(command).returncode
    sys.stdout.flush()
    return os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
