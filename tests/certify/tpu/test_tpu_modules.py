import tensorflow as tf
from certify_arms import FLOATS, KL, dense_functional, functional, make_pair, plain

from pipeline.certify.tpu.modules import modules


def of(builder, training=False):
    return modules(make_pair(builder, builder, FLOATS).baseline, 4, training)


def test_forward_and_vjp_are_stablehlo_with_named_parameters():
    found = of(dense_functional())
    assert list(found) == ["forward, inference, batch 4", "vjp, inference, batch 4"]
    assert all("func.func @main" in module.stablehlo for module in found.values())
    assert all(module.program is not None for module in found.values())


def test_updated_variables_are_results():
    found = of(functional((6,), lambda x: KL.BatchNormalization()(x)), training=True)
    program = found["forward, training, batch 4"].program
    assert program is not None
    assert sum(name.startswith("state weight") for name in program.outputs) == 2


def test_an_arm_that_leaves_the_graph_fails_with_xlas_reason():
    found = of(plain(lambda x: tf.py_function(lambda y: y, [x], tf.float32)))
    assert "EagerPyFunc" in found["forward, inference, batch 4"].failed


def test_an_arm_that_changes_with_each_call_is_refused():
    calls: list[int] = []

    class Counts(KL.Layer):
        def call(self, x):
            calls.append(0)
            self.seen = len(calls)
            return x * len(calls)

    refusals = {module.refused for module in of(Counts).values()}
    assert len(refusals) == 1
    assert "changes Python state" in refusals.pop()


def test_a_hidden_random_draw_compiles_and_can_not_be_compared():
    module = of(plain(lambda x: x + tf.random.uniform((6,))))["forward, inference, batch 4"]
    assert module.stablehlo
    assert "rng" in module.unnamed
