"""A real SPARQL server for tests: the ``oxigraph`` binary of PyPI, on loopback, on a free port."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["serving"]


def _binary() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "oxigraph"
    found = str(beside) if beside.is_file() else shutil.which("oxigraph")
    if found is None:
        pytest.skip("no oxigraph server: install the test dependencies, which bring it")
    return found


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(nquads: bytes, *options: str) -> Iterator[str]:
    """Start a server that holds the quads, and give the address that takes queries."""
    address = f"127.0.0.1:{_free_port()}"
    command = [_binary(), "serve", "--bind", address, *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(address, process)
        request = urllib.request.Request(
            f"http://{address}/store", nquads, {"Content-Type": "application/n-quads"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=60):
            pass
        yield f"http://{address}/query"
    finally:
        process.terminate()
        process.wait(10)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    host, port = address.split(":")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the oxigraph server ended with {process.returncode}")
        try:
            with socket.create_connection((host, int(port)), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the oxigraph server does not answer")
