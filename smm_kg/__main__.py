"""Where the program begins: nothing is imported before an interrupt is waited for."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from smm_kg.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("smm-kg: interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
