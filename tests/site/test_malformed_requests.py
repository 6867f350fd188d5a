"""Requests that no browser sends: each is refused or let go, and nothing is printed."""

import socket
import struct
import time

import pytest

from tools.site import server as tool

GOOD = b"GET / HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"


def asking(path, *lines, method=b"GET"):
    """A request for a path as it is given, with more header lines."""
    head = [method + b" " + path + b" HTTP/1.1", b"Host: HOST", *lines]
    return b"\r\n".join([*head, b"Connection: close", b"", b""])


def since(date):
    """A request for the home page if it is younger than a date."""
    return asking(b"/", b"If-Modified-Since: " + date)


REFUSED = {
    "null byte, encoded": asking(b"/a%00b"),
    "null byte, raw": asking(b"/a\0b"),
    "null byte in live": asking(b"/live/%00"),
    "newline, encoded": asking(b"/a%0Ab"),
    "return, encoded": asking(b"/a%0D%0ASet-Cookie:x"),
    "newline, raw": asking(b"/a\nb"),
    "broken encoding": asking(b"/%zz%"),
    "cut encoding": asking(b"/%e2%82"),
    "encoded surrogate": asking(b"/%ed%a0%80"),
    "lone byte, encoded": asking(b"/%ff"),
    "lone byte, raw": asking(b"/\xff\xfe"),
    "letters, raw": asking("/é∑日本".encode()),
    "very long name": asking(b"/" + b"a" * 5000),
    "very deep path": asking(b"/a" * 5000),
    "very long line": asking(b"/" + b"a" * 70_000),
    "slash after a file": asking(b"/index.html/"),
    "below a file": asking(b"/index.html/x"),
    "dots": asking(b"/../../../../etc/passwd"),
    "backslashes": asking(b"/..\\..\\secret.txt"),
    "no slash": asking(b"secret.txt"),
    "a bare percent": asking(b"%"),
    "an address in brackets": asking(b"http://[::1/"),
    "half a bracket that names a folder": asking(b"x://[y/../../.."),
    "an address of another site": asking(b"http://evil.example/"),
    "a star": asking(b"*", method=b"OPTIONS"),
    "a tunnel": asking(b"evil.example:443", method=b"CONNECT"),
    "another method": asking(b"/", b"Content-Length: 0", method=b"POST"),
    "no method at all": asking(b"/", method=b""),
    "small letters": asking(b"/", method=b"get"),
    "negative length": asking(b"/", b"Content-Length: -1", method=b"POST"),
    "length in words": asking(b"/", b"Content-Length: many", method=b"PUT"),
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "empty host": b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
    "other host": b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "host of no letters": b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
    "host in brackets": b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
    "many headers": asking(b"/", *[b"X-%d: 1" % number for number in range(200)]),
    "long header": asking(b"/", b"X: " + b"a" * 70_000),
    "other protocol": b"GET / HTTP/2.0\r\nHost: HOST\r\n\r\n",
    "no protocol's number": b"GET / HTTP/x.y\r\nHost: HOST\r\n\r\n",
    "huge number": b"GET / HTTP/1." + b"9" * 5000 + b"\r\n\r\n",
    "digits of no number": "GET / HTTP/1.²\r\nHost: HOST\r\n\r\n".encode("latin-1"),
    "four words": b"GET / and more HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "one word": b"GET\r\n\r\n",
    "the first HTTP": b"GET /\r\n",
    "the first HTTP, nowhere": b"GET /a%00b\r\n",
    "the first HTTP, other method": b"POST /\r\n",
    "an encrypted greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\0\0",
    "bytes": bytes(range(256)),
    "empty lines": b"\r\n\r\n\r\n",
    "nothing": b"",
    "half a line": b"GET / HT",
    "half the headers": b"GET / HTTP/1.1\r\nHost: HO",
    "other spaces": asking(b"/a\x0bb\x85c"),
    "head of a null byte": asking(b"/%00", method=b"HEAD"),
}

# Odd, and no fault of theirs: these are answered as others are.
ANSWERED = {
    "odd range": asking(b"/", b"Range: bytes=9-1,-5,x"),
    "huge range": asking(b"/", b"Range: bytes=0-" + b"9" * 4000),
    "impossible date": since(b"Mon, 99 Foo 99999 99:99:99 GMT"),
    "date of no zone": since(b"Mon, 01 Jan 0001 00:00:00 -2359"),
    "date far away": since(b"Fri, 31 Dec 9999 23:59:59 -2359"),
    "date of bytes": since(b"\xff"),
    "expectation": asking(b"/", b"Expect: 100-continue"),
    "header of bytes": asking(b"/", b"X: \xff\xfe\0"),
    "two lengths": asking(b"/", b"Content-Length: 0", b"Content-Length: 0"),
    "null byte and a name": asking(b"/%00/../index.html"),
    "a folder by brackets": asking(b"//[x]/.."),
    "localhost and letters": b"GET /\xc3\xa9 HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    "query of bytes": asking(b"/?\xff%00%zz"),
}


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of a small site, beside which lies what is none of it."""
    outside = tmp_path_factory.mktemp("malformed")
    folder = outside / "site"
    folder.mkdir()
    (folder / "index.html").write_text("the book")
    (folder / "404.html").write_text("not here")
    (outside / "secret.txt").write_text("secret")
    with tool.serve(folder, 0, computer=False) as site:
        yield int(site.url.rsplit(":", 1)[1])


def sent(port, request):
    """Send bytes as they are and no more; return what comes back until the end."""
    request = request.replace(b"HOST", b"127.0.0.1:%d" % port)
    request = request.replace(b"PORT", b"%d" % port)
    parts = []
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                parts.append(part)
        except ConnectionError:
            pass  # it hung up before it had read everything
    return b"".join(parts)


def status(answer):
    """The number in an answer's first line; None for a closed connection."""
    words = answer.split(b"\r\n")[0].split(b" ")
    return int(words[1]) if words[0].startswith(b"HTTP/") else None


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_request_is_refused(port, name, capfd):
    answer = sent(port, REFUSED[name])
    number = status(answer)
    assert number is None or (400 <= number < 600 and number != 500), answer[:200]
    assert b"secret" not in answer.split(b"\r\n\r\n", 1)[-1]
    assert status(sent(port, GOOD)) == 200, "it serves on"
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", ANSWERED)
def test_an_odd_request_is_answered(port, name, capfd):
    answer = sent(port, ANSWERED[name])
    assert status(answer) in (100, 200, 301, 302), answer[:200]
    assert status(sent(port, GOOD)) == 200
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("request_of", [GOOD, GOOD[:9], b""])
@pytest.mark.parametrize("pause", [0, 0.05])
def test_a_connection_reset_midway_is_let_go(port, request_of, pause, capfd):
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(request_of.replace(b"HOST", b"127.0.0.1:%d" % port))
    time.sleep(pause)  # before the server read it, and while it answers or waits
    # To close without lingering resets the connection.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    assert status(sent(port, GOOD)) == 200
    assert capfd.readouterr().err == ""


def test_localhost_sends_no_one_elsewhere(port):
    line = b"GET @evil.example HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"
    assert b"Location" not in sent(port, line)
