"""Runs one of the project's programs: python -m tools VERB [SETTING=VALUE ...]

It needs nothing but the standard library: on a fresh machine it creates .venv, puts
the packages that the verb needs into it, and goes on there (tools/environment.py).
VENV=no uses the running Python; UV=no takes pip even where uv is installed.
"""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOWEST, HIGHEST = (3, 11), (3, 14)


# Annotations are quoted: an old Python must get as far as the sentence that refuses it.
def main(arguments: "list[str]") -> "int | str | None":
    """Take a verb and its settings, make sure of .venv, and run the verb."""
    if sys.version_info[:2] < LOWEST:
        return unsupported(sys.version_info[:3])
    sys.path.insert(0, str(ROOT))
    from tools import environment

    settings = [argument for argument in arguments if "=" in argument]
    verbs = [argument for argument in arguments if "=" not in argument]
    if not verbs:
        show_verbs(list(environment.EXTRAS))
        return None
    if len(verbs) > 1 or verbs[0] not in environment.EXTRAS:
        return (
            f"python -m tools: got {' '.join(verbs)!r}; expected one of: "
            f"{', '.join(environment.EXTRAS)}, then settings such as PORT=8001."
        )
    for setting in settings:
        name, value = setting.split("=", 1)
        os.environ[name] = value
    if os.environ.get("VENV") == "no" or verbs[0] == "clean":
        return run_here(verbs[0])
    problem = unsupported(sys.version_info[:3]) or environment.set_up(verbs[0])
    if problem:
        return problem
    if environment.inside_venv():
        return run_here(verbs[0])
    return run_in_venv(verbs[0], environment.PYTHON)


def unsupported(version: "tuple[int, ...]") -> "str | None":
    """Return the sentence that refuses a Python of this version, None if it will do."""
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
    """Run the verb's program in the running Python; return what it returns."""
    program = importlib.import_module(f"tools.verbs.{verb.replace('-', '_')}")
    result: int | str | None = program.main()
    return result


def run_in_venv(verb: str, python: Path) -> "int | None":
    """Go on in .venv's Python; on POSIX in this very process, so Ctrl-C reaches it."""
    os.environ["PATH"] = f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(python), "-m", "tools", verb]
    os.chdir(ROOT)
    if os.name == "nt":
        return subprocess.run(command).returncode
    sys.stdout.flush()
    return os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
