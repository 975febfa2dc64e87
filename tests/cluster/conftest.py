"""Hand-made trials for the executors' tests."""

from collections.abc import Callable

import numpy as np
import pytest

from pipeline.records import Cell, Dataset, Examples, Profile, Resources, Strategy, Training, TrainTrial

MakeTrial = Callable[..., TrainTrial]


@pytest.fixture
def trial() -> MakeTrial:
    def make(
        seed: int = 0, *, profile: Profile | None = None, cpus: float = 1.0, gpus: float = 0.0, **options: str | float
    ) -> TrainTrial:
        return TrainTrial(
            id=f"trial{seed}",
            cell=Cell("lookup", "class", "functional", "tiny", Strategy()),
            seed=seed,
            training=Training(),
            options=options,
            profile=profile or Profile(),
            resources=Resources(cpus, gpus),
        )

    return make


@pytest.fixture
def datasets() -> dict[str, Dataset]:
    ones = np.ones((1000, 100), np.float32)
    targets = np.zeros(1000, np.int32)
    examples = Examples({"vectors": ones}, targets)
    return {"tiny": Dataset("tiny", "classification", examples, examples.first(10), outputs=2)}
