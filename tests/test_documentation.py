"""What the documentation shows is what the program does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def console_blocks() -> list[tuple[str, str, str]]:
    """Each command shown with its output: document, command, expected output."""
    shown = []
    for document in DOCUMENTS:
        for block in re.findall(r"```console\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                shown.append((document.name, command, output))
    return shown


def stripped(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.parametrize(("document", "command", "output"), console_blocks(), ids=lambda text: text[:60])
def test_commands_print_what_is_shown(document: str, command: str, output: str, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("the commands are shown for bash, which is not here")
    programs = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": programs + os.pathsep + os.environ["PATH"], "COLUMNS": "100"}
    environment.pop("SMM_KG_STORE", None)
    done = subprocess.run(
        [bash, "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert [line.rstrip() for line in done.stdout.splitlines()] == [
        line.rstrip() for line in output.splitlines()
    ]


def test_some_commands_are_shown() -> None:
    assert len(console_blocks()) >= 5


@pytest.mark.parametrize(
    "code",
    re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL),
    ids=["first"],
)
def test_python_shown_in_the_readme_runs(code: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "evidence.trig").stat().st_size > 100_000


def test_doctests_hold() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--doctest-modules",
            str(ROOT / "smm_kg"),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout


def test_links_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_command_is_in_the_readme() -> None:
    from smm_kg.cli import cli

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = set(cli.commands) - {"completion"}
    assert len(commands) > 10
    assert not {command for command in commands if f"smm-kg {command}" not in text}


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    for requirement in project["dependencies"]:
        name = re.match(r"[A-Za-z0-9-]+", requirement)
        assert name is not None
        assert f"| {name.group().lower()} |" in reasons, requirement
        assert ">=" in requirement, f"{requirement} has no lower bound"
    everything = " ".join(project["optional-dependencies"]["all"])
    for extra in set(project["optional-dependencies"]) - {"all", "test", "dev"}:
        assert extra in everything
