"""Numbers spread to a normal distribution by their rank: what published work on tabular data trains on.  N values."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from pipeline.data.encode import is_missing
from pipeline.data.mixing import hashed, uniform
from pipeline.data.table import Array

NOISE = 1e-3
MOST_LANDMARKS = 1000


@dataclass(frozen=True)
class NormalQuantiles:
    """A value's rank among the training values, as the normal quantile of it, in float32; missing becomes 0.

    `transformer` is a fitted scikit-learn QuantileTransformer, which keeps ranks within 1e-7 of 0 and 1.
    """

    transformer: Any

    def __call__(self, values_N: Array) -> npt.NDArray[np.float32]:
        """Numbers."""
        numbers_N = values_N.astype(np.float64)
        numbers_N[is_missing(values_N)] = np.nan
        ranked_N: npt.NDArray[np.float64] = self.transformer.transform(numbers_N.reshape(-1, 1)).reshape(values_N.shape)
        return np.nan_to_num(ranked_N).astype(np.float32)


@dataclass
class Quantiles:
    """Learns the quantiles of a column from its first `most` values.

    As Gorishniy, Rubachev, Babenko (2022), On Embeddings for Numerical Features in Tabular Deep Learning: one landmark
    for each 30 values, 10 to 1,000 of them; tiny noise on the values learnt from takes ties apart, so that a value
    which most rows share becomes the middle of its ranks, not the lowest of all.
    """

    most: int = 1_000_000
    _seen: list[npt.NDArray[np.float64]] = field(default_factory=list)
    _count: int = 0

    def add(self, values_N: Array) -> None:
        """Numbers."""
        numbers_N = values_N[~is_missing(values_N)].astype(np.float64)[: self.most - self._count]
        self._seen.append(numbers_N)
        self._count += len(numbers_N)

    def encoder(self) -> NormalQuantiles:
        """A column without any value is learnt as zeros."""
        from sklearn.preprocessing import QuantileTransformer

        numbers_N = np.concatenate([*self._seen, *([] if self._count else [np.zeros(1)])])
        landmarks = min(len(numbers_N), max(10, min(MOST_LANDMARKS, len(numbers_N) // 30)))
        deviation = NOISE / max(float(numbers_N.std()), NOISE)
        noise_N = deviation * ndtri(uniform(hashed(np.arange(len(numbers_N)), 0)))
        transformer = QuantileTransformer(
            n_quantiles=landmarks, output_distribution="normal", subsample=None, random_state=0
        )
        return NormalQuantiles(transformer.fit((numbers_N + noise_N).reshape(-1, 1)))
