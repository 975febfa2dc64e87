import time_evidence
from msgspec.structs import replace

from pipeline.analysis.timing import cost
from pipeline.records import CellSummary
from pipeline.report.vocabulary import vocabulary_series


def timed(data: str, vocabulary: int, candidate_us: float, family: str = "lookup") -> CellSummary:
    """A cell whose baseline takes 100 microseconds a step."""
    cell = replace(time_evidence.CELL, family=family, data=data)
    found = [time_evidence.evidence(at, (100.0, candidate_us, 100.0), vocabulary=vocabulary) for at in range(3)]
    return CellSummary(cell, "equivalent", "Same.", cost=cost(found, planned=3))


def test_the_rows_ascend_by_vocabulary_and_tell_both_arms():
    (series,) = vocabulary_series("v", [timed("large", 20_000, 200.0), timed("small", 1_000, 110.0)])
    told = [(row.data, row.vocabulary, row.baseline, row.candidate) for row in series.rows]
    assert told == [("small", "1,000", "0.1", "0.11"), ("large", "20,000", "0.1", "0.2")]


def test_the_figure_says_its_numbers_in_words():
    (series,) = vocabulary_series("v", [timed("large", 20_000, 200.0), timed("small", 1_000, 110.0)])
    assert "1,000 ids: 0.1 ms and 0.11 ms. 20,000 ids: 0.1 ms and 0.2 ms." in series.figure.svg


def test_nothing_is_said_of_one_vocabulary():
    assert vocabulary_series("v", [timed("a", 1_000, 110.0), timed("b", 1_000, 120.0)]) == ()


def test_nothing_is_said_of_data_without_ids():
    assert vocabulary_series("v", [timed("a", 0, 110.0), timed("b", 1_000, 120.0)]) == ()


def test_families_are_never_joined():
    assert vocabulary_series("v", [timed("a", 10, 110.0), timed("b", 1_000, 120.0, family="bag")]) == ()
