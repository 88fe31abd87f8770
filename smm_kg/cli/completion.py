"""The shell's completion of commands, options and values."""

from __future__ import annotations

import click

from smm_kg.cli.command import ExampleCommand

__all__ = ["completion"]


_HELP = """Print the script for a shell's completion.

To switch it on, add one line to your shell's start-up file:

\b
bash  ~/.bashrc                    eval "$(smm-kg completion bash)"
zsh   ~/.zshrc                     eval "$(smm-kg completion zsh)"
fish  ~/.config/fish/config.fish   smm-kg completion fish | source
"""


@click.command(cls=ExampleCommand, help=_HELP, examples=("smm-kg completion bash",))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    from smm_kg.cli.outcome import COMPLETION, NAME

    complete = get_completion_class(shell)
    if complete is None:  # every choice above is one that click knows
        raise click.UsageError(f"no completion for {shell}")
    click.echo(complete(context.find_root().command, {}, NAME, COMPLETION).source())
