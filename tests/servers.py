"""Real SPARQL servers for tests, on loopback, on free ports: ``oxigraph`` of PyPI and Virtuoso of Debian."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["VIRTUOSO", "serving", "virtuoso"]

VIRTUOSO = "no Virtuoso server: apt-get install virtuoso-opensource-7"
"""Why a test of Virtuoso skips."""

# Listens on loopback alone; its own defaults listen everywhere, cut answers at 10000 rows and refuse queries
# by an estimate of their cost. Paths are of the folder that it runs in.
_VIRTUOSO_INI = """\
[Database]
DatabaseFile=./virtuoso.db
ErrorLogFile=./virtuoso.log
LockFile=./virtuoso.lck
TransactionFile=./virtuoso.trx
xa_persistent_file=./virtuoso.pxa
ErrorLogLevel=7
FileExtend=200
MaxCheckpointRemap=2000
TempStorage=TempDatabase
[TempDatabase]
DatabaseFile=./virtuoso-temp.db
TransactionFile=./virtuoso-temp.trx
MaxCheckpointRemap=2000
[Parameters]
ServerPort=127.0.0.1:{sql}
DisableUnixSocket=1
MaxClientConnections=10
CheckpointInterval=60
CaseMode=2
DirsAllowed=.
ThreadsPerQuery=2
NumberOfBuffers=20000
MaxDirtyBuffers=15000
MaxQueryMem=1G
[HTTPServer]
ServerPort=127.0.0.1:{http}
ServerRoot=.
MaxClientConnections=10
ServerThreads=10
Charset=UTF-8
[SPARQL]
ResultSetMaxRows=1000000
MaxQueryCostEstimationTime=0
MaxQueryExecutionTime=60
"""


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


@contextmanager
def virtuoso(nquads: bytes) -> Iterator[str]:
    """Start a Virtuoso that holds the quads, and give the address that takes queries.

    Its default graph is the union of all graphs.
    """
    server, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if server is None or client is None:
        pytest.skip(VIRTUOSO)
    sql, http = _free_port(), _free_port()
    with tempfile.TemporaryDirectory(prefix="virtuoso-") as folder:
        (Path(folder) / "graph.nq").write_bytes(nquads)
        (Path(folder) / "virtuoso.ini").write_text(_VIRTUOSO_INI.format(sql=sql, http=http), encoding="ascii")
        process = subprocess.Popen(
            [server, "+foreground", "+configfile", "virtuoso.ini"],
            cwd=folder,
            env={**os.environ, "LC_ALL": "C"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(f"127.0.0.1:{http}", process)
            # N-Quads name their graphs, but the loader asks for a name all the same.
            load = "ld_dir('.', 'graph.nq', 'urn:none'); rdf_loader_run(); checkpoint;"
            command = [client, f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"]
            loaded = subprocess.run(command, capture_output=True, text=True, timeout=60)
            if loaded.returncode or "Error" in loaded.stdout + loaded.stderr:
                raise RuntimeError(f"Virtuoso did not load the graph: {loaded.stdout}{loaded.stderr}")
            yield f"http://127.0.0.1:{http}/sparql"
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    host, port = address.split(":")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with socket.create_connection((host, int(port)), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server does not answer")
