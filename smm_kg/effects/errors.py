"""What effect measures, pooling and indirect comparison refuse: the data concerned, why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from smm_kg.errors import SmmKgError

__all__ = ["EffectError", "IndirectError", "InputError", "NotEstimableError", "PoolingError"]


class EffectError(SmmKgError):
    """Base of all refusals of this package."""


class InputError(EffectError):
    """A number that cannot be what it is said to be.

    Args:
        field: the name of the argument.
        value: what was given.
        rule: what it has to be, as it follows "must be".
        hint: what to do about it.
    """

    def __init__(self, field: str, value: object, rule: str, *, hint: str | None = None) -> None:
        super().__init__(f"{field} is {value!s} but must be {rule}", hint=hint)
        self.field = field
        self.value = value
        self.rule = rule


class NotEstimableError(EffectError):
    """An effect that the numbers given do not determine.

    Args:
        measure: the effect measure asked for.
        reason: why the numbers do not determine it.
        hint: what to do about it.
    """

    def __init__(self, measure: str, reason: str, *, hint: str | None = None) -> None:
        super().__init__(f"no {measure}: {reason}", hint=hint)
        self.measure = measure
        self.reason = reason


class PoolingError(EffectError):
    """Studies that cannot be pooled.

    Args:
        reason: why not.
        studies: the labels of the studies concerned.
        hint: what to do about it.
    """

    def __init__(self, reason: str, *, studies: Sequence[str] = (), hint: str | None = None) -> None:
        named = f" ({'; '.join(studies)})" if studies else ""
        super().__init__(f"not pooled: {reason}{named}", hint=hint)
        self.reason = reason
        self.studies = tuple(studies)


class IndirectError(EffectError):
    """A chain of comparisons that gives no indirect comparison.

    Args:
        reason: why not.
        link: the name of the link concerned, None where it is the chain as a whole.
        hint: what to do about it.
    """

    def __init__(self, reason: str, *, link: str | None = None, hint: str | None = None) -> None:
        at = f" at {link}" if link else ""
        super().__init__(f"no indirect comparison{at}: {reason}", hint=hint)
        self.reason = reason
        self.link = link
