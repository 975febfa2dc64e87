"""Config to plan: which cells, which trials, which ids, and what each mistake is told."""

from dataclasses import replace

import msgspec
import pytest

from pipeline import plan
from pipeline.config import Experiment, ResourcesConfig
from pipeline.errors import ConfigError
from pipeline.records import Capacity, CertifyTrial, Strategy, Training

TWO_CPUS = Capacity(2.0)
MARGINS = dict.fromkeys(("accuracy", "rmse", "auc", "average_precision", "forecast_mse"), 0.01)


@pytest.fixture
def config() -> Experiment:
    return Experiment(
        families=["projection", "lookup", "stateful"],
        data=["digits", "ratings", "series"],
        strategies=[Strategy("one_device"), Strategy("mirrored", 2)],
        seeds=[0, 1, 2],
        certify=False,
        margins=MARGINS,
    )


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


def test_exclude_takes_out_the_cells_that_match_every_key(config, inventory):
    rules = [{"family": "lookup", "strategy": "mirrored"}, {"family": ["stateful"], "strategy": "mirrored(2)"}]
    cells = make(replace(config, exclude=rules), inventory).cells
    assert [(c.family, c.strategy.label) for c in cells] == [
        ("projection", "one_device"),
        ("projection", "mirrored(2)"),
        ("lookup", "one_device"),
        ("stateful", "one_device"),
    ]


def test_the_same_config_gives_the_same_ids(config, inventory):
    assert make(config, inventory) == make(config, inventory)


@pytest.mark.parametrize(
    "change",
    [
        {"versions": {"tensorflow": "2.22.0"}},
        {"engine": "other training code"},
    ],
)
def test_what_changes_numbers_changes_every_id(config, inventory, change):
    before = {t.id for t in make(config, inventory).trials}
    after = {t.id for t in make(config, msgspec.structs.replace(inventory, **change)).trials}
    assert not before & after


def test_a_change_of_one_family_changes_its_own_ids_only(config, inventory):
    families = {**inventory.families}
    families["lookup"] = msgspec.structs.replace(families["lookup"], source="l2")
    before = {t.id: t.cell.family for t in make(config, inventory).trials}
    after = {t.id for t in make(config, msgspec.structs.replace(inventory, families=families)).trials}
    assert {family for id_, family in before.items() if id_ not in after} == {"lookup"}


def test_another_strategy_in_the_config_keeps_the_ids_of_the_others(config, inventory):
    before = {t.id for t in make(config, inventory).trials}
    wider = replace(config, strategies=[*config.strategies, Strategy("mirrored", 4)])
    assert before <= {t.id for t in make(wider, inventory).trials}


def test_trials_of_one_frontend_share_a_process_profile(config, inventory):
    assert {t.profile.logical_devices for t in make(config, inventory).trials} == {2}


@pytest.mark.parametrize(
    ("strategy", "verdict", "reason"),
    [
        (Strategy("tpu"), "infeasible", "needs a TPU"),
        (Strategy("parameter_server"), "unsupported", "does not launch parameter_server"),
        (Strategy("multi_worker_mirrored", 2), "unsupported", "does not launch"),
        (Strategy("central_storage", 2), "unsupported", "does not launch"),
        (Strategy("one_device", 2), "unsupported", "has one device"),
    ],
)
def test_a_cell_that_cannot_run_stands_with_its_reason(config, inventory, strategy, verdict, reason):
    made = make(replace(config, strategies=[strategy]), inventory)
    assert not made.trials
    assert {x.verdict for x in made.excluded} == {verdict}
    assert all(reason in x.reason for x in made.excluded)


def test_jit_on_several_replicas_is_unsupported(config, inventory):
    made = make(replace(config, jit=[True]), inventory)
    assert {x.cell.strategy.label for x in made.excluded} == {"mirrored(2)"}
    assert {c.strategy.label for c in made.cells} == {"one_device"}


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


def test_other_certifier_code_changes_the_ids_of_certificates_only(config, inventory):
    with_certificates = replace(config, certify=True)
    before = make(with_certificates, inventory).trials
    after = {t.id for t in make(with_certificates, msgspec.structs.replace(inventory, certifier="other")).trials}
    assert {type(t) for t in before if t.id not in after} == {CertifyTrial}


def test_article_examples_run_under_both_frontends(config, inventory):
    trials = [
        t for t in make(replace(config, article_examples=True), inventory).trials if t.label.startswith("article")
    ]
    assert [(t.example, t.frontend) for t in trials] == [
        (example, frontend)
        for frontend in ("keras", "tf_keras")
        for example in ("functional_lambda", "complex_layer", "stateful_layer")
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"families": ["loookup"]}, "families: unknown 'loookup'; use one of projection, lookup, stateful"),
        ({"data": ["mnist"]}, "data: unknown 'mnist'; use one of digits, ratings, series"),
        ({"styles": ["class", "sequential"]}, "styles: unknown 'sequential'"),
        ({"strategies": [Strategy("miror")]}, "strategies: unknown 'miror'"),
        ({"exclude": [{"family": "bag"}]}, "exclude.family: unknown 'bag'"),
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
