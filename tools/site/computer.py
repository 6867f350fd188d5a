"""Runs the `computer` engine: a local Jupyter server for the pages of one site."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from tools import ROOT

KERNEL = "python3"
START_SECONDS = 30  # how long the server may take until it answers
END_SECONDS = 5  # how long it may take to end, before it is killed
# Seconds of idleness after which the server ends a kernel. A page ends its own kernel
# when it closes; this is for pages that could not.
IDLE_SECONDS = 600


class ComputerError(RuntimeError):
    """The Jupyter server could not be started; the message holds its last lines."""


class Computer(TypedDict):
    """The address and token by which a page reaches the server, named as in Thebe."""

    baseUrl: str
    token: str
    kernelName: str


@contextmanager
def computer(origin: str) -> Iterator[Computer]:
    """Context manager: run a Jupyter server that answers pages of one origin.

    Args: origin, as the browser writes it, for example "http://127.0.0.1:8000".
    Yields: a Computer.
    Raises: ComputerError if the server ends, or does not answer within START_SECONDS.
    """
    # Windows keeps a file locked for a moment after its process has ended.
    with tempfile.TemporaryDirectory(
        prefix="tinytorch-", ignore_cleanup_errors=True
    ) as temporary:
        folder = Path(temporary)
        port, token = free_port(), secrets.token_urlsafe(32)
        log = folder / "jupyter.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                _command(port, origin, folder),
                cwd=folder,
                env=_environment(folder, token),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # keeps Ctrl-C from it; _end() ends it
            )
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(process, base, token, log)
            yield {"baseUrl": base, "token": token, "kernelName": KERNEL}
        finally:
            _end(process)


def free_port() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _command(port: int, origin: str, folder: Path) -> list[str]:
    """Return the server's command line; create `folder`/work, where kernels start."""
    work = folder / "work"
    work.mkdir()
    settings = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.allow_origin": origin,
        "ServerApp.root_dir": work,
        "ServerApp.terminals_enabled": False,
        "ServerApp.jpserver_extensions": "{'jupyter_server_terminals': False}",
        "ServerApp.kernel_websocket_connection_class": (
            "tools.site.kernel_connection.PromptConnection"
        ),
        "ServerApp.allow_root": True,  # loopback and token hold for root as well
        "KernelManager.shutdown_wait_time": 0.5,
        "MappingKernelManager.cull_idle_timeout": IDLE_SECONDS,
        "MappingKernelManager.cull_interval": 60,
    }
    arguments = [f"--{name}={value}" for name, value in settings.items()]
    return [sys.executable, "-m", "jupyter_server", *arguments]


def _environment(folder: Path, token: str) -> dict[str, str]:
    """Return the server's environment variables; write the kernel's spec to `folder`.

    With them the server ignores the Jupyter settings of this machine's user.
    """
    kernel = folder / "data" / "kernels" / KERNEL
    kernel.mkdir(parents=True)
    launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": launch, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "JUPYTER_PATH": str(folder / "data"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        # Passed here because every user of the machine can read command lines.
        "JUPYTER_TOKEN": token,
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _wait(process: subprocess.Popen[bytes], base: str, token: str, log: Path) -> None:
    """Wait until the server answers at its address `base`.

    Raises: ComputerError, with the last lines of the log, if the server ends or does
        not answer within START_SECONDS.
    """
    request = urllib.request.Request(
        f"{base}/api/status", headers={"Authorization": f"token {token}"}
    )
    # No proxy: a proxy named by the environment cannot reach this machine's loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with opener.open(request, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    said = log.read_text(encoding="utf-8", errors="replace").strip()
    last = "\n".join(said.splitlines()[-5:]) or "It wrote nothing."
    raise ComputerError(
        f"The Jupyter server for the `computer` engine did not answer within "
        f"{START_SECONDS} s. Its last lines:\n{last}"
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end itself and its kernels; kill them after END_SECONDS."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
