"""Config files and overrides: what is read, and what each mistake is told."""

from pathlib import Path

import pytest

from pipeline.config import Experiment, load
from pipeline.errors import ConfigError
from pipeline.records import FileSource, Strategy


@pytest.fixture
def write(tmp_path: Path):
    def _write(text: str) -> Path:
        path = tmp_path / "my.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def test_an_empty_mapping_gives_the_defaults(write):
    assert load(write("{}")) == Experiment()


def test_a_resolved_config_loads_to_itself(write):
    config = load(write("families: [lookup]\nstrategies: [one_device, {name: mirrored, devices: 2}]\nseeds: [3]"))
    assert load(write(config.to_yaml())) == config


def test_a_strategy_may_be_a_bare_name(write):
    config = load(write("strategies: [one_device, {name: mirrored, devices: 2}]"))
    assert config.strategies == [Strategy("one_device"), Strategy("mirrored", 2)]


def test_overrides_win_over_the_file_in_order(write):
    config = load(write("train: {epochs: 2}"), ["train.epochs=3", "strategies=[mirrored]", "train.epochs=4"])
    assert config.train.epochs == 4
    assert config.strategies == [Strategy("mirrored", 2)]


def test_auto_seeds_go_up_to_the_last_default_look(write):
    config = load(write("seeds: auto"))
    assert (config.seeds, config.looks) == (list(range(20)), [5, 10, 20])


def test_auto_seeds_go_up_to_the_last_look_wherever_it_is_given(write):
    config = load(write("looks: [2, 3]"), ["seeds=auto", "looks=[3,6]"])
    assert (config.seeds, config.looks) == ([0, 1, 2, 3, 4, 5], [3, 6])


def test_auto_seeds_load_again_as_they_were_resolved(write):
    config = load(write("seeds: auto"))
    assert load(write(config.to_yaml())) == config


def test_seeds_of_an_override_win_over_auto(write):
    assert load(write("seeds: auto"), ["seeds=[1,2]"]).seeds == [1, 2]


def test_each_look_adds_its_seeds_in_ascending_order(write):
    config = load(write("{seeds: [4, 3, 2, 1, 0], looks: [2, 5]}"))
    assert (config.seeds_of(0), config.seeds_of(1)) == ([0, 1], [2, 3, 4])


def test_a_margin_may_be_a_fraction_of_a_standard_deviation(write):
    config = load(write("margins: {accuracy: 0.01, rmse: 0.5sd}"), ["margins.accuracy=1sd"])
    assert config.margins == {"accuracy": "1sd", "rmse": "0.5sd"}


@pytest.mark.parametrize(
    ("name", "strategy"),
    [
        ("default", Strategy()),
        ("one_device", Strategy("one_device")),
        ("mirrored", Strategy("mirrored", devices=2)),
        ("multi_worker_mirrored", Strategy("multi_worker_mirrored", workers=2)),
        ("parameter_server", Strategy("parameter_server", workers=2, ps=1)),
        ("central_storage", Strategy("central_storage", devices=2)),
        ("tpu", Strategy("tpu", devices=8)),
    ],
)
def test_a_strategy_by_its_bare_name_has_what_makes_it_one(write, name, strategy):
    assert load(write(f"strategies: [{name}]")).strategies == [strategy]


def test_a_strategy_takes_its_own_options_over_the_defaults(write):
    config = load(write("strategies: [{name: parameter_server, workers: 3, coordination: async, placement: spread}]"))
    assert config.strategies == [
        Strategy("parameter_server", workers=3, ps=1, coordination="async", placement="spread")
    ]


def test_training_on_a_data_set_takes_its_own_values_over_the_common_ones(write):
    config = load(write("data: [a, b]\ntrain: {epochs: 2, global_batch: 64}\ntrain_on: {b: {epochs: 7}}"))
    assert (config.training_on("a").epochs, config.training_on("b").epochs) == (2, 7)
    assert config.training_on("b").global_batch == 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trian: {}", "Did you mean one of: 'train', 'train_on'"),
        ("train: {epohcs: 3}", "train.epohcs: Key 'epohcs' not in 'Training'. Did you mean: 'epochs'"),
        ("train: {epochs: many}", "train.epochs: Value 'many'"),
        ("train: {epochs: 0}", "train.epochs=0 is out of range; use 1 or more"),
        ("timing: {processes: 2}", "timing.processes=2 is out of range; use 3 or more"),
        ("timing: {rounds: 0}", "timing.rounds=0 is out of range; use 1 or more"),
        ("timing: {strategies: [mirrored]}", "timing.strategies: unknown 'mirrored'; use one of default"),
        ("train: {dropout: 1.0}", "train.dropout=1.0 is out of range"),
        ("train: {learning_rate: .nan}", "train.learning_rate=nan is out of range"),
        ("train: {optimizer: adagard}", "train.optimizer: unknown 'adagard'; use one of sgd, adagrad, adam"),
        ("train_on: {mnist_5k: {epohcs: 3}}", "Did you mean: 'epochs'"),
        ("train_on: {elsewhere: {epochs: 3}}", "train_on.elsewhere is not among data="),
        ("frontends: [keras2]", "frontends: unknown 'keras2'; use one of keras, tf_keras"),
        ("dtype_policies: [int8]", "dtype_policies: unknown 'int8'"),
        ("exclude: [{famly: lookup}]", "exclude: unknown 'famly'"),
        ("seeds: []", "seeds is empty"),
        ("seeds: [1, 1]", "names one twice"),
        ("seeds: [-1]", "has one out of range"),
        ("styles: [class]", "is no comparison"),
        ("margins: {accuracy: 0}", "margins.accuracy=0 is no margin; give a number above 0, or a fraction"),
        ("margins: {accuracy: .nan}", "margins.accuracy=nan is no margin"),
        ("margins: {accuracy: 0sd}", "margins.accuracy=0sd is no margin"),
        ("margins: {accuracy: half}", "margins.accuracy=half is no margin"),
        ("margins: {accuracy: [1]}", "Expected `int | float | str`, got `array` - at `$.margins"),
        ("{seeds: [0, 1, 2], looks: [1, 3]}", "looks=[1, 3] is out of order"),
        ("{seeds: [0, 1, 2], looks: [3, 2]}", "looks=[3, 2] is out of order"),
        ("{seeds: [0, 1, 2, 3], looks: [2, 3]}", "looks=[2, 3] does not end with all 4 seeds; end looks with 4"),
        ("published: {figures: [{family: a, data: [b], metric: m, value: 1, source: s}]}", "missing mandatory value"),
        (
            "published: {figures: [{family: a, data: [b], metric: m, value: 1, within: 0, source: s}]}",
            "published.figures: within=0.0 is out of range",
        ),
        ("strategies: [{name: mirrored, devices: 0}]", "devices=0 is out of range"),
        ("strategies: [{name: mirrored, workers: 2}]", "strategies: mirrored has no workers or ps: it is one process"),
        ("strategies: [{name: parameter_server, ps: 0}]", "ps=0 is out of range; use 1 or more"),
        ("strategies: [{name: multi_worker_mirrored, ps: 1}]", "multi_worker_mirrored has no parameter servers"),
        ("strategies: [{name: mirrored, cross_device_ops: ring}]", "cross_device_ops: unknown 'ring'; use one of auto"),
        ("strategies: [{name: parameter_server, coordination: sync}]", "coordination: unknown 'sync'"),
        ("strategies: [{name: multi_worker_mirrored, placement: far}]", "placement: unknown 'far'"),
        ("strategies: [{name: mirrored, device: 2}]", "Key 'device' not in 'Strategy'"),
        ("loop: [own]", "loop: unknown 'own'; use one of custom, fit"),
        ("train: {remainder: pad}", "train.remainder: unknown 'pad'; use one of drop, keep"),
        ("gangs: {stall_seconds: 0}", "gangs.stall_seconds=0.0 is out of range; use 1 or more"),
        ("gangs: {restarts: -1}", "gangs.restarts=-1 is out of range; use 0 or more"),
        ("resources: {cpus_per_device: 0}", "resources.cpus_per_device=0.0 is out of range"),
        ("rows: -1", "rows=-1 is out of range"),
        ("certify_seconds: 0", "certify_seconds=0.0 is out of range"),
        ("- a list", "is not a mapping of config keys"),
        ("a: [", "is not YAML"),
    ],
)
def test_each_mistake_is_told_with_file_and_key(write, text, expected):
    path = write(text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{target: y, numbers: [x]}", "sources.mine.train is empty; give the path"),
        (
            "{train: a.csv, target: y, numbers: [x], task: guess}",
            "sources.mine.task: unknown 'guess'; use one of classification, binary",
        ),
        (
            "{train: a.csv, target: y, numbers: [x], scale: linear}",
            "sources.mine.scale: unknown 'linear'; use one of standard, log",
        ),
        (
            "{train: a.csv, target: y, numbers: [x], encoding: one_hot}",
            "sources.mine.encoding: unknown 'one_hot'; use one of learn, hash",
        ),
        ("{train: a.csv, target: y, numbers: [x], buckets: 1}", "sources.mine.buckets=1 is out of range"),
        ("{train: a.csv, target: y, numbers: [x], rows: -1}", "sources.mine.rows=-1 is out of range"),
        ("{train: a.csv, target: y, numbers: [x], test_share: 1.0}", "sources.mine.test_share=1.0 is out of range"),
        (
            "{train: a.csv, target: y, numbers: [x], test: b.csv, training: t}",
            "sources.mine.training and test both say what is held out",
        ),
        ("{train: a.csv, target: y}", "sources.mine.numbers, columns and ids are empty"),
        ("{train: a.csv, target: x, numbers: [x]}", "'x' has two uses; name each column once"),
        (
            "{train: a.csv, target: y, numbers: [x], ids: i, length: 3}",
            "sources.mine.ids has numbers or columns beside it",
        ),
        ("{train: a.csv, target: y, ids: i}", "sources.mine.length=0 with ids='i'"),
        ("{train: a.csv, target: y, numbers: [x], weights: w}", "sources.mine.weights has no ids"),
        ("{train: a.csv, target: y, numbers: [x], window: 3}", "sources.mine.window=3 with task=binary"),
        ("{train: a.csv, task: forecast, window: 3, numbers: [x]}", "sources.mine.labels='' with task=forecast"),
        (
            "{train: a.csv, task: forecast, window: 3, numbers: [x], labels: l, target: y}",
            "leave out columns and target",
        ),
        ("{train: a.csv, numbers: [x]}", "sources.mine.target is empty"),
        (
            "{train: a.csv, target: y, numbers: [x], trian: b.csv}",
            "sources.mine.trian: Key 'trian' not in 'FileSource'",
        ),
    ],
)
def test_each_mistake_in_a_source_is_told_with_its_key(write, source, expected):
    with pytest.raises(ConfigError) as caught:
        load(write(f"sources: {{mine: {source}}}"))
    assert expected in str(caught.value)


def test_the_sources_that_are_trained_on_are_those_that_data_names(write):
    sources = "{a: {train: a.csv, target: y, numbers: [x]}, b: {train: b.csv, target: y, numbers: [x]}}"
    config = load(write(f"data: [mnist_5k, b]\nsources: {sources}"))
    assert config.own_sources == {"b": FileSource(train="b.csv", target="y", numbers=["x"])}


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigError, match="no such config file"):
        load(tmp_path / "none.yaml")


@pytest.mark.parametrize("override", ["epochs", "=3", "train.epohcs=3", "train.epochs=x", "seeds=[1"])
def test_a_bad_override_is_named(write, override):
    with pytest.raises(ConfigError, match="override '"):
        load(write("{}"), [override])


def test_every_config_of_the_repository_loads():
    paths = sorted((Path(__file__).parents[1] / "configs").rglob("*.yaml"))
    assert len(paths) >= 8
    for path in paths:
        assert load(path).name == path.stem


def test_the_keys_of_the_schema_are_frozen():
    """A change here is a change for every user's config: say so in CHANGELOG.md."""
    assert load_keys() == [
        "name", "question", "families", "styles", "data", "sources", "strategies", "frontends", "dtype_policies",
        "jit", "loop", "seeds", "looks", "exclude", "agreement_seeds", "certify", "certify_seconds",
        "article_examples", "keep_weights", "keep_histograms", "keep_graphs", "train", "train_on", "options",
        "allowed_modules", "margins", "published", "rows", "resources", "gangs", "timing", "xla_flags", "deterministic",
    ]  # fmt: skip


def load_keys() -> list[str]:
    return [line.split(":")[0] for line in Experiment().to_yaml().splitlines() if not line.startswith((" ", "-"))]
