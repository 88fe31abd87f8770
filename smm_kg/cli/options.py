"""Options that several commands share: which graph to ask, and which paper to read."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["FOLDER", "PAPER", "Source", "graph_options", "one_study", "paper_options", "store_location"]

_LONGEST = 1e6  # seconds
PAPER = click.Path(dir_okay=False, path_type=Path)

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Folder(click.Path):
    """A folder, whose name is not empty (which would be the current one)."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the folder as a path."""
        if value == "":
            self.fail("the name of the folder is empty", param, ctx)
        return super().convert(value, param, ctx)


FOLDER = _Folder(file_okay=False, path_type=Path)


class Source(NamedTuple):
    """Which graph a command asks, and how it reaches it; ``named`` if the command line says which."""

    store: str | None
    named: bool
    timeout: float | None
    user: str | None
    password: str | None
    auth: str

    def open(self) -> Graph:
        """Open the graph; it is to be closed, as a context manager."""
        from smm_kg.graph import open as open_graph

        return open_graph(
            self.store, timeout=self.timeout, user=self.user, password=self.password, auth=self.auth
        )


def _nearest_store(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """``--store`` after the command's name, else before it, else from the environment."""
    if context.get_parameter_source("store") is ParameterSource.COMMANDLINE or context.parent is None:
        return value
    before: str | None = context.find_root().params.get("store")
    return before or value


def _seconds(_context: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    if value is not None and not (math.isfinite(value) and 0 < value <= _LONGEST):
        raise click.BadParameter(f"{value:g} is no number of seconds up to {_LONGEST:.0f}")
    return value


def _named(context: click.Context) -> bool:
    places = (context, context.find_root())
    return any(place.get_parameter_source("store") is ParameterSource.COMMANDLINE for place in places)


store_location = click.option(
    "--store",
    metavar="PLACE",
    envvar="SMM_KG_STORE",
    callback=_nearest_store,
    help="The graph to ask: memory: (the shipped evidence, the default), a folder made by `smm-kg build`, or "
    "the http(s) address of a SPARQL endpoint. Also from SMM_KG_STORE.",
)

_REACH = (
    click.option(
        "--timeout",
        type=float,
        callback=_seconds,
        envvar="SMM_KG_TIMEOUT",
        metavar="SECONDS",
        help="How long an endpoint may take, and any store that `smm-kg sparql` asks. Also from "
        "SMM_KG_TIMEOUT.",
    ),
    click.option("--user", envvar="SMM_KG_USER", help="User name for an endpoint. Also from SMM_KG_USER."),
    click.option(
        "--password",
        envvar="SMM_KG_PASSWORD",
        help="Password for an endpoint; better set in SMM_KG_PASSWORD, where other users cannot see it.",
    ),
    click.option(
        "--auth",
        type=click.Choice(["basic", "digest"]),
        default="basic",
        envvar="SMM_KG_AUTH",
        help="How an endpoint asks for the password. Also from SMM_KG_AUTH.",
    ),
)


def graph_options(command: _Command) -> _Command:
    """Give a command the options that say which graph it asks; it receives them as one ``source``."""

    @functools.wraps(command)
    def sourced(
        *args: Any,
        store: str | None,
        timeout: float | None,
        user: str | None,
        password: str | None,
        auth: str,
        **options: Any,
    ) -> Any:
        named = _named(click.get_current_context())
        return command(*args, source=Source(store, named, timeout, user, password, auth), **options)

    made: Any = sourced
    for option in (*reversed(_REACH), store_location):
        made = option(made)
    return made  # type: ignore[no-any-return]


def one_study(study: Sequence[str]) -> str | None:
    """Return the study that a paper is read as, if it is named."""
    if len(study) > 1:
        raise click.UsageError("a paper is read as one study: give --study once")
    return study[0] if study else None


def paper_options(command: _Command) -> _Command:
    """Give a command the options that say by which sheet a paper is read: ``study`` and ``sheet``."""
    with_sheet = click.option(
        "--sheet",
        type=PAPER,
        metavar="FILE",
        help="Read the paper by this extraction sheet of your own.",
    )(command)
    return click.option(
        "--study",
        multiple=True,
        metavar="ID",
        help="Id of the study; for a paper, of the sheet to read it by.",
    )(with_sheet)
