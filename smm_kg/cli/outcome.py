"""How a run ends: its exit code, and one clear line on stderr when it fails.

0 done, 1 findings, 2 wrong use, bad input or an endpoint that fails, 70 a fault of our own, 130 interrupted;
a reader that closes the pipe ends the run quietly.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

import click

from smm_kg.errors import SmmKgError

__all__ = ["COMPLETION", "DEBUG", "DONE", "FAULT", "FINDINGS", "INTERRUPTED", "NAME", "WRONG_USE", "run"]

NAME = "smm-kg"
COMPLETION = "_SMM_KG_COMPLETE"
DEBUG = "SMM_KG_DEBUG"

DONE, FINDINGS, WRONG_USE, FAULT, INTERRUPTED = 0, 1, 2, 70, 130


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; what went wrong has then been said on stderr."""
    if instruction := os.environ.get(COMPLETION):
        from click.shell_completion import shell_complete

        try:
            return shell_complete(command, {}, NAME, COMPLETION, instruction)
        except Exception:
            return WRONG_USE  # what is said while a line is typed would only disturb it
    try:
        code = _invoke(command, arguments)
        _flush()
        return code
    except (KeyboardInterrupt, click.Abort):
        return _failed("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _silence_stdout()
        return DONE
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        return WRONG_USE
    except Exception as error:
        if os.environ.get(DEBUG):
            import traceback

            traceback.print_exc()
        return _explained(error)


def _invoke(command: click.Command, arguments: Sequence[str]) -> int:
    try:
        with command.make_context(NAME, list(arguments)) as context:
            from smm_kg.cli.interruption import ending_promptly

            with ending_promptly():
                command.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    return DONE


def _explained(error: Exception) -> int:
    """Say what went wrong: the user's to mend, the system's refusal, or a fault of our own."""
    if isinstance(error, SmmKgError):
        return _failed(str(error), error.exit_code)
    if isinstance(error, OSError) and error.strerror:
        place = str(error.filename) if error.filename is not None else "standard output"
        return _failed(f"{place}: {error.strerror}", WRONG_USE)
    return _failed(
        f"a fault of smm-kg itself: {type(error).__name__}: {error}. Please report it with the command you "
        f"ran, the output of `{NAME} --version` and that of the same command with {DEBUG}=1 set, which shows "
        "where it happened",
        FAULT,
    )


def _failed(message: str, code: int) -> int:
    with contextlib.suppress(OSError):
        click.echo(f"{NAME}: {message}", err=True)
    with contextlib.suppress(OSError):
        _flush()
    return code


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _silence_stdout() -> None:
    """Let the interpreter's own last flush of a closed pipe go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
