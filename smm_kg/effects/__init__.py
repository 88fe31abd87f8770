"""Effect measures, pooling and indirect comparison: numbers in, numbers out, each with its published source.

The package knows neither RDF nor stores nor which numbers may be compared; callers judge that and name it.

- counts: ``Table2x2``, ``risk_ratio``, ``odds_ratio``, ``risk_difference``, ``fisher_exact_p``,
  ``wilson_interval``, ``clopper_pearson_interval``, ``number_needed_to_treat``
- times: ``rate_difference``, ``median_ratio``, ``hazard_ratio_from_medians`` (which refuses)
- estimates as printed: ``from_interval``, ``from_p_value``, ``standard_error_bound``, ``centring``
- pooling: ``fixed_effect``, ``random_effects``, ``mantel_haenszel``, ``peto``
- chains: ``indirect_comparison``

Every refusal is an ``EffectError`` that says why and what to do.
"""

from smm_kg.effects.counts import DifferenceInterval, odds_ratio, risk_difference, risk_ratio
from smm_kg.effects.errors import EffectError, IndirectError, InputError, NotEstimableError, PoolingError
from smm_kg.effects.estimate import DIFFERENCES, RATIOS, Estimate, Interval, Measure
from smm_kg.effects.fisher import fisher_exact_p
from smm_kg.effects.heterogeneity import Heterogeneity, TauMethod
from smm_kg.effects.indirect import Indirect, Link, Step, indirect_comparison
from smm_kg.effects.mantel_haenszel import CountMeasure, mantel_haenszel, peto
from smm_kg.effects.needed import NumberNeeded, NumberNeededRange, number_needed_to_treat
from smm_kg.effects.pooling import Excluded, MeanInterval, Pooled, Weight, fixed_effect, random_effects
from smm_kg.effects.printed import (
    Centring,
    StandardErrorBound,
    centring,
    from_interval,
    from_p_value,
    standard_error_bound,
)
from smm_kg.effects.proportions import clopper_pearson_interval, wilson_interval
from smm_kg.effects.table import Table2x2, ZeroCells
from smm_kg.effects.times import (
    RateAtTime,
    hazard_ratio_from_medians,
    median_ratio,
    peto_standard_error,
    rate_difference,
)

__all__ = [
    "DIFFERENCES",
    "RATIOS",
    "Centring",
    "CountMeasure",
    "DifferenceInterval",
    "EffectError",
    "Estimate",
    "Excluded",
    "Heterogeneity",
    "Indirect",
    "IndirectError",
    "InputError",
    "Interval",
    "Link",
    "MeanInterval",
    "Measure",
    "NotEstimableError",
    "NumberNeeded",
    "NumberNeededRange",
    "Pooled",
    "PoolingError",
    "RateAtTime",
    "StandardErrorBound",
    "Step",
    "Table2x2",
    "TauMethod",
    "Weight",
    "ZeroCells",
    "centring",
    "clopper_pearson_interval",
    "fisher_exact_p",
    "fixed_effect",
    "from_interval",
    "from_p_value",
    "hazard_ratio_from_medians",
    "indirect_comparison",
    "mantel_haenszel",
    "median_ratio",
    "number_needed_to_treat",
    "odds_ratio",
    "peto",
    "peto_standard_error",
    "random_effects",
    "rate_difference",
    "risk_difference",
    "risk_ratio",
    "standard_error_bound",
    "wilson_interval",
]
