"""A figure of others that no cell of the config measures is a mistake in the config."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import plan
from pipeline.config import load
from pipeline.errors import ConfigError
from pipeline.inventory import take
from pipeline.records import Capacity, Published, PublishedFigure, PublishedOrder

CONFIGS = Path(__file__).parents[2] / "configs" / "published"


def with_figure(config, **changes):
    given = {"family": "projection", "data": ["digits"], "metric": "accuracy", "value": 0.9, "within": 0.01}
    return replace(config, published=Published([PublishedFigure(**{**given, **changes}, source="a paper")]))


def with_order(config, families, metric="accuracy"):
    return replace(config, published=Published([], [PublishedOrder(families, ["digits"], metric, "a paper")]))


def make(config, inventory):
    return plan.make(config, inventory, Capacity(2.0))


def test_a_figure_changes_no_trial(config, inventory):
    assert make(with_figure(config), inventory) == make(config, inventory)


def test_a_shown_metric_may_be_compared(config, inventory):
    shown = with_figure(config, family="stateful", data=["series"], metric="peak_distance")
    assert make(shown, inventory) == make(config, inventory)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"family": "lookup"}, "published.figures: no cell trains lookup on digits; use one of: lookup on ratings"),
        ({"data": ["elsewhere"]}, "no cell trains projection on elsewhere"),
        ({"data": []}, "published.figures: data is empty"),
        ({"metric": "rmse"}, "digits has no metric 'rmse'; use one of accuracy"),
    ],
)
def test_a_figure_of_what_is_not_measured_is_told(config, inventory, changes, told):
    with pytest.raises(ConfigError, match=told):
        make(with_figure(config, **changes), inventory)


@pytest.mark.parametrize("families", [["projection"], ["projection", "projection"]])
def test_an_order_has_two_families_or_more(config, inventory, families):
    with pytest.raises(ConfigError, match="is no order; name two or more, once each"):
        make(with_order(config, families), inventory)


def test_an_order_of_a_family_that_is_not_trained_is_told(config, inventory):
    with pytest.raises(ConfigError, match=r"published.orders: no cell trains lookup on digits"):
        make(with_order(config, ["projection", "lookup"]), inventory)


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_config_of_published_figures_runs_whole_on_two_cores_with_five_seeds_or_more(path):
    config = load(path)
    made = make(config, take())
    assert config.published.figures
    assert made.excluded == ()
    assert len(config.seeds) >= 5
