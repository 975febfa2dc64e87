"""The row-touching optimizers in whole trainings: strategies, loops, snapshots, checkpoints, files."""

import numpy as np
import pytest
import tensorflow as tf
from synthetic import DATA, MIRRORED, ONE_DEVICE, make_trial
from test_resume import ended, whole_and_resumed

from pipeline.frontend import keras
from pipeline.optimizers import LazyAdam, RowwiseAdagrad, SparseAdagrad, SparseSGD
from pipeline.records import Strategy
from pipeline.training.run import train_arms

NAMES = ["sparse_sgd", "sparse_adagrad", "rowwise_adagrad", "lazy_adam"]
TUNED = {
    SparseSGD: {"weight_decay": 0.01, "clipnorm": 1.0},
    SparseAdagrad: {"initial_accumulator_value": 0.3, "epsilon": 1e-3},
    RowwiseAdagrad: {"initial_accumulator_value": 0.3, "epsilon": 1e-3, "clipvalue": 0.5},
    LazyAdam: {"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-3, "name": "mine"},
}
IDS, TARGETS = np.array([[0, 2], [2, 2], [5, 0], [1, 2]], "int32"), np.arange(4, dtype="float32")


def relative_error(weights, others):
    return max(np.abs(weights[role] - others[role]).max() / np.abs(others[role]).max() for role in others)


def baseline(strategy=ONE_DEVICE, **settings):
    """The trained class arm of `lookup`, a gather with sparse gradients."""
    return train_arms(make_trial("lookup", strategy, **settings), DATA["lookup"]())[0]


def compiled_model(optimizer):
    ids = keras.Input((2,), dtype="int32")
    vectors = keras.layers.Flatten()(keras.layers.Embedding(6, 3)(ids))
    model = keras.Model(ids, keras.layers.Dense(1)(vectors))
    model.compile(optimizer(0.2, **TUNED[optimizer]), "mse")
    return model


def fit(model):
    model.fit(IDS, TARGETS, batch_size=2, epochs=2, shuffle=False, verbose=0)
    return [np.asarray(weight) for weight in model.weights]


def assert_equal(weights, others):
    for weight, other in zip(weights, others, strict=True):
        np.testing.assert_array_equal(weight, other)


@pytest.fixture(scope="module")
def one_device():
    return {name: baseline(optimizer=name) for name in NAMES}


@pytest.mark.parametrize(
    ("name", "strategy"), [*((name, MIRRORED) for name in NAMES), ("lazy_adam", Strategy("central_storage", 2))]
)
def test_two_replicas_train_as_one_device(name, strategy, one_device):
    assert relative_error(baseline(strategy, optimizer=name).weights, one_device[name].weights) < 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_training_again_gives_the_same_bits(name, one_device):
    assert baseline(optimizer=name).result.weights_digest == one_device[name].result.weights_digest


@pytest.mark.parametrize("cell", [{"loop": "fit"}, {"jit": True}], ids=str)
@pytest.mark.parametrize("name", ["rowwise_adagrad", "lazy_adam"])
def test_fit_and_compiled_loop_train_as_the_plain_loop(name, cell, one_device):
    assert relative_error(baseline(optimizer=name, cell=cell).weights, one_device[name].weights) < 1e-5


@pytest.mark.parametrize("name", ["sparse_sgd", "sparse_adagrad"])
def test_whole_training_equals_that_with_the_stock_optimizer(name, one_device):
    stock = baseline(optimizer=name.removeprefix("sparse_"))
    assert relative_error(one_device[name].weights, stock.weights) < 1e-6


@pytest.mark.parametrize(
    ("policy", "loop"), [("float64", "custom"), ("mixed_bfloat16", "custom"), ("mixed_float16", "fit")]
)
def test_lazy_adam_lowers_the_loss_under_every_dtype_policy(policy, loop):
    settings = {"epochs": 6, "dropout": 0.0, "learning_rate": 0.05}
    losses = baseline(optimizer="lazy_adam", cell={"dtype_policy": policy, "loop": loop}, **settings).result.train_loss
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.parametrize("loop", ["custom", "fit"])
def test_training_resumes_from_a_snapshot_bitwise(loop):
    trial = make_trial("lookup", MIRRORED, optimizer="lazy_adam", cell={"loop": loop})
    whole, resumed = whole_and_resumed(trial, "lookup", (1, 1))
    assert ended(resumed) == ended(whole)


@pytest.mark.parametrize("optimizer", TUNED)
def test_optimizer_made_again_from_its_config_has_that_config(optimizer):
    config = optimizer(0.2, **TUNED[optimizer]).get_config()
    assert optimizer.from_config(dict(config)).get_config() == config
    assert config.items() >= TUNED[optimizer].items()


@pytest.mark.parametrize("optimizer", TUNED)
def test_saved_model_goes_on_training_bitwise(optimizer, tmp_path):
    model = compiled_model(optimizer)
    fit(model)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.optimizer) is optimizer
    assert_equal(fit(loaded), fit(model))


@pytest.mark.parametrize("optimizer", TUNED)
def test_checkpoint_brings_the_slots_back(optimizer, tmp_path):
    model, other = compiled_model(optimizer), compiled_model(optimizer)
    fit(model)
    path = tf.train.Checkpoint(model=model, optimizer=model.optimizer).write(str(tmp_path / "checkpoint"))
    other.optimizer.build(other.trainable_variables)
    tf.train.Checkpoint(model=other, optimizer=other.optimizer).read(path).assert_consumed()
    assert_equal(fit(other), fit(model))


def test_learning_rate_follows_a_schedule():
    """Rates 1 and .5, gradient 1: the row moves by 1, then by .5."""
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([0], [1.0, 0.5])
    table = keras.layers.Embedding(1, 1)
    table.build(None)
    table.embeddings.assign([[0.0]])
    optimizer = SparseSGD(schedule)
    optimizer.build([table.embeddings])
    gradient = tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([0]), tf.constant([1, 1]))
    for _ in range(2):
        optimizer.apply_gradients([(gradient, table.embeddings)])
    np.testing.assert_array_equal(np.asarray(table.embeddings), [[-1.5]])
