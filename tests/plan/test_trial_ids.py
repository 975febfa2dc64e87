"""A trial's id changes with what changes its numbers, and with nothing else."""

from dataclasses import replace

import msgspec
import pytest

from pipeline import plan
from pipeline.records import Capacity, CertifyTrial, Strategy


def trials(config, inventory):
    return plan.make(config, inventory, Capacity(2.0)).trials


def ids(config, inventory):
    return {trial.id for trial in trials(config, inventory)}


def test_the_same_config_gives_the_same_ids(config, inventory):
    assert trials(config, inventory) == trials(config, inventory)


@pytest.mark.parametrize("change", [{"versions": {"tensorflow": "2.22.0"}}, {"engine": "other training code"}])
def test_what_changes_numbers_changes_every_id(config, inventory, change):
    assert not ids(config, inventory) & ids(config, msgspec.structs.replace(inventory, **change))


def test_a_change_of_one_family_changes_its_own_ids_only(config, inventory):
    families = {**inventory.families}
    families["lookup"] = msgspec.structs.replace(families["lookup"], source="l2")
    after = ids(config, msgspec.structs.replace(inventory, families=families))
    assert {trial.cell.family for trial in trials(config, inventory) if trial.id not in after} == {"lookup"}


def test_another_strategy_in_the_config_keeps_the_ids_of_the_others(config, inventory):
    wider = replace(config, strategies=[*config.strategies, Strategy("mirrored", 4)])
    assert ids(config, inventory) <= ids(wider, inventory)


def test_other_certifier_code_changes_the_ids_of_certificates_only(config, inventory):
    with_certificates = replace(config, certify=True)
    after = ids(with_certificates, msgspec.structs.replace(inventory, certifier="other"))
    assert {type(trial) for trial in trials(with_certificates, inventory) if trial.id not in after} == {CertifyTrial}


def test_trials_of_a_cell_share_what_they_have_in_common(config, inventory):
    """A plan of a hundred thousand trials has room for one of each, not for as many."""
    first, second, *_ = (t for t in trials(replace(config, certify=False), inventory) if t.cell.family == "lookup")
    assert first.cell is second.cell
    assert first.training is second.training
    assert first.profile is second.profile
