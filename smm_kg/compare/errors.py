"""What a comparison refuses, and why."""

from __future__ import annotations

from smm_kg.errors import SmmKgError

__all__ = ["ComparisonError", "PoolingRefusedError"]


class ComparisonError(SmmKgError):
    """A comparison that cannot be made as asked."""


class PoolingRefusedError(ComparisonError):
    """Effects that are not to be pooled; ``reasons`` says why, each a sentence."""

    def __init__(
        self,
        reasons: tuple[str, ...],
        hint: str = "narrow the comparison (--against, --population), or pool --even-so",
    ) -> None:
        super().__init__("pooling refused: " + "; ".join(reasons), hint=hint)
        self.reasons = reasons
