"""The distributions that intervals and tests need.

The normal comes from the standard library; Student's t, chi-square and beta from ``scipy.special``, which is
imported only when one of them is asked for.
"""

from __future__ import annotations

import math
from statistics import NormalDist

__all__ = ["beta_quantile", "chi_square_tail", "critical_t", "critical_z", "two_sided_p", "two_sided_t_p"]

_STANDARD = NormalDist()


def critical_z(level: float) -> float:
    """The z that a two-sided interval of this level spans: 1.95996 at 0.95."""
    return -_STANDARD.inv_cdf((1 - level) / 2)


def two_sided_p(z: float) -> float:
    """The two-sided P of a normal test statistic, exact in the far tail."""
    return math.erfc(abs(z) / math.sqrt(2))


def critical_t(level: float, df: int) -> float:
    """The t with ``df`` degrees of freedom that a two-sided interval of this level spans."""
    from scipy import special

    return -float(special.stdtrit(df, (1 - level) / 2))


def two_sided_t_p(t: float, df: int) -> float:
    """The two-sided P of a test statistic that follows Student's t with ``df`` degrees of freedom."""
    from scipy import special

    return min(1.0, 2 * float(special.stdtr(df, -abs(t))))


def chi_square_tail(statistic: float, df: int) -> float:
    """The probability of a chi-square with ``df`` degrees of freedom at or above ``statistic``."""
    from scipy import special

    return float(special.chdtrc(df, statistic))


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The quantile of the beta distribution with parameters ``a`` and ``b``."""
    from scipy import special

    return float(special.betaincinv(a, b, probability))
