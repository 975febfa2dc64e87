"""Config to plan: which cells, which trials, which ids, and what each mistake is told."""

from dataclasses import replace

import pytest

from pipeline import plan
from pipeline.config import ResourcesConfig
from pipeline.errors import ConfigError
from pipeline.records import Capacity, CertifyTrial, Strategy, Training

TWO_CPUS = Capacity(2.0)


def make(config, inventory, capacity=TWO_CPUS):
    return plan.make(config, inventory, capacity)


def test_each_family_meets_the_data_of_its_kind(config, inventory):
    pairs = {(c.family, c.data) for c in make(config, inventory).cells}
    assert pairs == {("projection", "digits"), ("lookup", "ratings"), ("stateful", "series")}


def test_trials_are_cells_times_seeds(config, inventory):
    made = make(config, inventory)
    assert (len(made.cells), len(made.trials)) == (6, 18)
    assert len({t.id for t in made.trials}) == 18


def test_a_style_that_a_family_lacks_makes_no_cell(config, inventory):
    cells = make(replace(config, styles=["class", "lambda"]), inventory).cells
    assert {c.family for c in cells} == {"projection"}


def test_every_axis_spans_the_cells(config, inventory):
    wide = replace(config, families=["lookup"], loop=["custom", "fit"], frontends=["keras", "tf_keras"])
    cells = make(wide, inventory).cells
    assert [(c.frontend, c.loop, c.strategy.name) for c in cells] == [
        (frontend, loop, strategy)
        for frontend in ("keras", "tf_keras")
        for loop in ("custom", "fit")
        for strategy in ("one_device", "mirrored")
    ]


def test_exclude_can_take_out_a_loop(config, inventory):
    rules = [{"loop": "fit", "strategy": "mirrored"}]
    cells = make(replace(config, families=["lookup"], loop=["custom", "fit"], exclude=rules), inventory).cells
    assert [(c.loop, c.strategy.name) for c in cells] == [
        ("custom", "one_device"),
        ("custom", "mirrored"),
        ("fit", "one_device"),
    ]


def test_exclude_takes_out_the_cells_that_match_every_key(config, inventory):
    rules = [{"family": "lookup", "strategy": "mirrored"}, {"family": ["stateful"], "strategy": "mirrored(2)"}]
    cells = make(replace(config, exclude=rules), inventory).cells
    assert [(c.family, c.strategy.label) for c in cells] == [
        ("projection", "one_device"),
        ("projection", "mirrored(2)"),
        ("lookup", "one_device"),
        ("stateful", "one_device"),
    ]


def test_trials_of_one_frontend_share_a_process_profile(config, inventory):
    assert {t.profile.logical_devices for t in make(config, inventory).trials} == {2}


def test_gpus_that_the_cluster_lacks_make_a_cell_infeasible(config, inventory):
    made = make(replace(config, resources=ResourcesConfig(gpus_per_device=1)), inventory, Capacity(8, gpus=1))
    assert {x.cell.strategy.label for x in made.excluded} == {"mirrored(2)"}
    assert {t.profile.device for t in made.trials} == {"gpu"}


def test_a_pair_is_certified_once_for_all_its_strategies_and_seeds(config, inventory):
    trials = make(replace(config, certify=True), inventory).trials
    certify = [t for t in trials if isinstance(t, CertifyTrial)]
    assert [(t.cell.family, t.cell.strategy, t.cell.jit) for t in certify] == [
        ("projection", Strategy(), False),
        ("lookup", Strategy(), False),
        ("stateful", Strategy(), False),
    ]
    assert trials[:3] == tuple(certify)


def test_a_pair_is_certified_on_two_replicas_too_if_it_trains_on_several(config, inventory):
    excluded = [{"family": "lookup", "strategy": "mirrored"}]
    trials = make(replace(config, certify=True, exclude=excluded), inventory).trials
    distribution = {t.cell.family: t.distribution for t in trials if isinstance(t, CertifyTrial)}
    assert distribution == {"projection": True, "lookup": False, "stateful": True}


@pytest.mark.parametrize(("count", "compared"), [(0, set()), (1, {0}), (2, {0, 1}), (9, {0, 1, 2})])
def test_the_first_seeds_are_compared_with_one_device(config, inventory, count, compared):
    trials = make(replace(config, agreement_seeds=count), inventory).trials
    assert {t.seed for t in trials if t.agreement} == compared


def test_one_device_is_not_compared_with_itself(config, inventory):
    trials = make(config, inventory).trials
    assert {t.cell.strategy.name for t in trials if t.agreement} == {"mirrored"}


def test_xla_flags_and_determinism_reach_every_process(config, inventory):
    flags = "--xla_cpu_enable_fast_math=false"
    trials = make(replace(config, certify=True, xla_flags=flags, deterministic=False), inventory).trials
    assert {(t.profile.xla_flags, t.profile.deterministic) for t in trials} == {(flags, False)}


def test_article_examples_run_under_both_frontends(config, inventory):
    trials = [
        t for t in make(replace(config, article_examples=True), inventory).trials if t.label.startswith("article")
    ]
    assert [(t.example, t.frontend) for t in trials] == [
        (example, frontend)
        for frontend in ("keras", "tf_keras")
        for example in ("functional_lambda", "complex_layer", "stateful_layer", "captured_dense")
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"families": ["loookup"]}, "families: unknown 'loookup'; use one of projection, lookup, stateful"),
        ({"data": ["mnist"]}, "data: unknown 'mnist'; use one of digits, ratings, series"),
        ({"styles": ["class", "sequential"]}, "styles: unknown 'sequential'"),
        ({"strategies": [Strategy("miror")]}, "strategies: unknown 'miror'"),
        ({"exclude": [{"family": "bag"}]}, "exclude.family: unknown 'bag'"),
        ({"exclude": [{"loop": "fit"}]}, "exclude.loop: unknown 'fit'; use one of custom"),
        ({"families": ["lookup"], "data": ["digits"]}, "no cell is left"),
        ({"train": Training(global_batch=251)}, "global_batch=251 does not divide by 2 replicas"),
        ({"train": Training(global_batch=8000)}, "is more than the 4000 training examples of digits"),
        ({"options": {"lookup": {"units": 3}}}, "options.lookup: unknown 'units'; use one of width"),
        ({"options": {"lookup": {"width": 0}}}, "options.lookup.width=0; give a whole number"),
        ({"margins": {}}, "digits is judged by accuracy, which has no margin"),
    ],
)
def test_each_mistake_is_told_with_a_remedy(config, inventory, change, expected):
    with pytest.raises(ConfigError) as caught:
        make(replace(config, **change), inventory)
    assert expected in str(caught.value)


def test_a_smaller_batch_is_not_kept_in_fit_on_several_replicas(config, inventory):
    with pytest.raises(ConfigError, match=r"train\.remainder=keep under mirrored\(2\): fit averages over replicas"):
        make(replace(config, loop=["fit"], train=Training(remainder="keep")), inventory)


def test_a_smaller_batch_is_not_kept_on_a_tpu(config, inventory):
    on_tpu = replace(config, strategies=[Strategy("tpu", 8)], train=Training(remainder="keep"))
    with pytest.raises(ConfigError, match=r"train\.remainder=keep under tpu\(8\): a TPU's program"):
        make(on_tpu, inventory, Capacity(8, tpus=8))


def test_a_smaller_batch_is_kept_by_the_own_loop_and_by_fit_on_one_device(config, inventory):
    keep = replace(config, loop=["custom", "fit"], train=Training(remainder="keep"))
    excluded = [{"loop": "fit", "strategy": "mirrored"}]
    assert {t.training.remainder for t in make(replace(keep, exclude=excluded), inventory).trials} == {"keep"}


def test_the_batch_error_offers_a_batch_that_divides(config, inventory):
    with pytest.raises(ConfigError, match=r"use a multiple of 4, e\.g\. 248"):
        make(
            replace(config, strategies=[Strategy("mirrored", 4)], train=Training(global_batch=250)),
            inventory,
        )


def test_a_rehearsal_has_every_cell_once_on_cpus(config, inventory):
    full = replace(config, resources=ResourcesConfig(gpus_per_device=1))
    made = make(plan.dry(full), inventory)
    assert [c.strategy.label for c in made.cells].count("mirrored(2)") == 3
    assert len(made.trials) == len(made.cells) == 6
    assert {(t.training.epochs, t.training.steps, t.profile.device) for t in made.trials} == {(1, 2, "cpu")}


def test_graphs_are_kept_of_each_cells_first_seed(config, inventory):
    trials = make(replace(config, keep_graphs=True), inventory).trials
    assert {t.seed for t in trials if t.keep_graphs} == {0}
