"""What a user's builder may do, and how the command line names it."""

from pathlib import Path

import pytest

from pipeline.store.run_directory import RunDirectory

OVERRIDES = (
    "families=['misbehaving_entry:ENTRY']",
    "styles=[class,raises,prints,forks,exits,vanishes,loops]",
    "seeds=[0]",
    "trials.start_seconds=45",
    "retries={infrastructure: 0, timeout: 0}",
)


@pytest.fixture
def ended(start, tmp_path: Path) -> tuple[int, str, dict[str, tuple[str, str]], set[str]]:
    """Exit code, what was printed, failures by style, and the styles that gave evidence."""
    code, out, err = start(tmp_path / "run", *OVERRIDES).end()
    directory = RunDirectory.existing(tmp_path / "run")
    failures = {
        failure.trial.cell.candidate: (failure.category, failure.message) for failure in directory.failures().values()
    }
    return code, out + err, failures, {item.trial.cell.candidate for item in directory.finished().values()}


@pytest.mark.fault("a user's builder raises, forks, exits, or loops for ever", "failed: user code or timeout, named")
@pytest.mark.fault("a user's builder prints megabytes", "kept out of the terminal")
def test_builder_that_misbehaves_is_a_named_failure_and_the_others_go_on(ended) -> None:
    code, printed, failures, finished = ended

    assert code == 4, printed
    assert finished == {"prints"}
    assert len(printed) < 20_000
    assert {style: category for style, (category, _) in failures.items()} == {
        "raises": "user_code",
        "forks": "user_code",
        "exits": "user_code",
        "vanishes": "infrastructure",
        "loops": "timeout",
    }
    assert failures["raises"][1] == "ValueError: a user's own mistake"
    assert failures["exits"][1] == "SystemExit: a user's own exit"
    assert "forked its process" in failures["forks"][1]
    assert all(f"{category}: {message}" in printed for category, message in failures.values())
