"""Options that several commands share: which graph to ask, and which paper to read."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["Source", "graph_options", "paper_options", "store_location"]

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Source(NamedTuple):
    """Which graph a command asks, and how it reaches it."""

    store: str | None
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
        type=click.FloatRange(min=0, min_open=True),
        envvar="SMM_KG_TIMEOUT",
        metavar="SECONDS",
        help="How long an endpoint may take. Also from SMM_KG_TIMEOUT.",
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
        return command(*args, source=Source(store, timeout, user, password, auth), **options)

    made: Any = sourced
    for option in (*reversed(_REACH), store_location):
        made = option(made)
    return made  # type: ignore[no-any-return]


def paper_options(command: _Command) -> _Command:
    """Give a command the options that say by which sheet a paper is read: ``study`` and ``sheet``."""
    with_sheet = click.option(
        "--sheet",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Read the paper by this extraction sheet of your own.",
    )(command)
    return click.option(
        "--study",
        multiple=True,
        metavar="ID",
        help="Id of the study; for a paper, of the sheet to read it by.",
    )(with_sheet)
