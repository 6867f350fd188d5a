"""The server of `make serve`: its own pages only, this machine only, ended whole."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest

from tools import ROOT
from tools.site.computer import free_port
from tools.site.server import serve
from tools.verbs import serve as verb

SITE = {"index.html": "the book", "404.html": "not here", "a/b.mjs": "export {}"}


@pytest.fixture
def folder(tmp_path):
    for name, text in SITE.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "site"


@pytest.fixture
def static(folder):
    with serve(folder, 0, computer=False) as site:
        yield site


def get(site, path, **headers):
    """Ask for a path as it is written; return status, headers and text."""
    host, port = site.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, answer.headers, text


def test_files_and_what_is_not_there(static):
    status, headers, text = get(static, "/")
    assert (status, text) == (200, "the book")
    assert get(static, "/a/b.mjs")[1]["Content-Type"] == "text/javascript"
    assert get(static, "/none.html")[::2] == (404, "not here")
    assert get(static, "/a/")[0] == 404, "no folder is listed"
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "//../secret.txt"):
        status, _, text = get(static, path)
        assert status == 404 and "secret" not in text


def test_requests_for_another_host_are_refused(static):
    port = static.url.rsplit(":", 1)[1]
    assert get(static, "/", Host=f"evil.example:{port}")[0] == 421
    status, headers, _ = get(static, "/a?b=1", Host=f"localhost:{port}")
    assert (status, headers["Location"]) == (302, f"{static.url}/a?b=1")


def test_only_the_sites_own_pages_learn_of_the_computer_engine(folder):
    path = "/live/computer.json"
    with serve(folder, 0) as site:
        status, headers, text = get(site, path)
        assert (status, json.loads(text)) == (200, site.computer)
        assert headers["Cache-Control"] == "no-store"
        assert get(site, path, Origin="http://evil.example")[0] == 403
        assert get(site, path, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
        jupyter = f"{site.computer['baseUrl']}/api/status"
        token = {"Authorization": f"token {site.computer['token']}"}
        with urllib.request.urlopen(urllib.request.Request(jupyter, headers=token)):
            pass
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(jupyter)
        evil = token | {"Origin": "http://evil.example"}
        with urllib.request.urlopen(
            urllib.request.Request(jupyter, headers=evil)
        ) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == site.url
    assert get_refused(site.computer["baseUrl"]), "the Jupyter server has ended"


def test_without_that_engine_there_is_nothing_to_learn(static):
    assert get(static, "/live/computer.json")[0] == 404


def get_refused(url):
    """Whether nothing listens at an address any more."""
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


@pytest.mark.parametrize("number", ["0", "70000", "eighty", "-1"])
def test_a_port_that_is_none_is_named(monkeypatch, number):
    monkeypatch.setenv("PORT", number)
    assert repr(number) in verb.main()


def test_a_taken_port_is_told_before_anything_is_built(monkeypatch):
    monkeypatch.setattr(verb, "prepare", lambda: pytest.fail("built"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        message = verb.main()
    assert f"Port {port} is taken" in message and f"PORT={port + 1}" in message


@contextmanager
def running(folder, sigint):
    """Run the program on a folder; yield its process, what it says, its address.

    Whether SIGINT is ignored is inherited: a shell that runs these tests in the
    background ignores it. So what the program finds is set here: "default_int_handler",
    as Python does at its start, or "SIG_IGN".
    """
    port = free_port()
    program = (
        "import pathlib, signal, tools, tools.verbs.serve as verb\n"
        f"signal.signal(signal.SIGINT, signal.{sigint})\n"
        "verb.prepare = lambda: None\n"
        f"tools.BUILD = verb.BUILD = pathlib.Path({str(folder.parent)!r})\n"
        "raise SystemExit(verb.main())"
    )
    (folder.parent / "html").symlink_to(folder)
    environment = os.environ | {"PORT": str(port), "OPEN": "no"}
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", program],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        said = next(line for line in process.stdout if "http://" in line)
        assert f"http://127.0.0.1:{port}/" in said
        yield process, said, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_all(folder, name):
    with running(folder, "default_int_handler") as (process, said, url):
        assert "Ctrl-C ends it" in said
        with urllib.request.urlopen(f"{url}/live/computer.json") as answer:
            jupyter = json.load(answer)["baseUrl"]
        process.send_signal(getattr(signal, name))
        assert process.wait(15) == 0
    deadline = time.monotonic() + 5
    while not get_refused(jupyter):
        assert time.monotonic() < deadline, "the Jupyter server outlived it"
        time.sleep(0.1)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_in_the_background_of_a_script_it_leaves_ctrl_c_to_the_foreground(folder):
    with running(folder, "SIG_IGN") as (process, said, url):
        assert f"kill {process.pid} ends it" in said
        process.send_signal(signal.SIGINT)
        with urllib.request.urlopen(f"{url}/index.html") as answer:
            assert answer.read() == b"the book"
        process.terminate()
        assert process.wait(15) == 0
