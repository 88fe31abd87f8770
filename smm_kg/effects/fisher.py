"""Fisher's exact test of a fourfold table."""

from __future__ import annotations

import math
from itertools import accumulate

from smm_kg.effects.table import Table2x2

__all__ = ["fisher_exact_p"]

# Two tables of the same probability may differ in the last digits of their logarithms; R allows as much.
_TIE = 1e-7


def fisher_exact_p(table: Table2x2) -> float:
    """The two-sided P value of no association, given the margins of the table.

    It sums the probabilities of all tables with the same margins that are no likelier than the one observed.
    Time grows with the smallest margin; a million patients take a second or so.

    Args:
        table: the counts; empty cells need no correction.

    Returns:
        P from 0 to 1; 0 only where it is below the smallest float.

    Sources: Fisher RA. J R Stat Soc 1935;98:39-82; two-sided as in Freeman GH, Halton JH. Biometrika
    1951;38:141-9.
    """
    n1, n2, events = table.treatment_total, table.control_total, table.events
    least, most = max(0, events - n2), min(n1, events)
    # Log probabilities step by step, each relative to the table before: no factorial loses digits.
    steps = (
        math.log((n1 - k) * (events - k)) - math.log((k + 1) * (n2 - events + k + 1))
        for k in range(least, most)
    )
    weights = list(accumulate(steps, initial=0.0))
    observed, heaviest = weights[table.treatment_events - least], max(weights)
    share = [math.exp(weight - heaviest) for weight in weights]
    tail = math.fsum(s for s, weight in zip(share, weights, strict=True) if weight <= observed + _TIE)
    return min(1.0, tail / math.fsum(share))
