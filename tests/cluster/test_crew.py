from gang_trials import gang_trial

from pipeline.cluster.crew import Backlog

A, B = gang_trial("a"), gang_trial("b")


def test_trials_are_taken_in_order_and_once() -> None:
    backlog = Backlog([A, B], crews=1)

    assert [backlog.take(), backlog.take(), backlog.take()] == [A, B, None]


def test_trial_that_is_given_back_is_the_next_for_another_crew() -> None:
    backlog = Backlog([A, B], crews=2)

    assert backlog.give_back(backlog.take())
    assert backlog.take() == A


def test_last_crew_can_not_give_back() -> None:
    backlog = Backlog([A], crews=2)
    taken = backlog.take()

    assert backlog.take() is None  # the other crew, which leaves
    assert not backlog.give_back(taken)
