"""A run on a cluster as a discrete-event simulation of its one driver.

A slot (a CPU that a trial holds) runs one trial after the other.  Twice as many trials as there are slots are in Ray's
hands; a slot that ends one begins the next of them at once, so it is idle only when the driver is behind.  A running
trial sends a message when it begins, a sign of life every so often, and its outcome.  The driver is one thread in a
loop, as pipeline.cluster.alone is: it looks at all that is in Ray's hands, hears one message of each that has something
to say, keeps the records of those that ended, and hands as many new trials to Ray.  Each of these costs its seconds.

What is not simulated: Ray's own schedulers, the network, failures, and the report.  Trials all take the same time.
"""

import heapq
from dataclasses import dataclass

import numpy as np

SIGN_SECONDS = 1.0


@dataclass(frozen=True)
class Costs:
    """Seconds of the driver's one thread, unless they say other."""

    submit: float  # to hand a trial to Ray
    look: float  # for each task in Ray's hands, whenever the driver looks which have something to say
    message: float  # to hear one message
    record: float  # to keep one record, on this disk
    start: float  # of a worker: process, TensorFlow; not the driver's
    planned_bytes: float  # of the driver's memory, for each trial of a plan
    reported_bytes: float  # and for each trial of a run whose report is made


@dataclass(frozen=True)
class Cluster:
    """So many CPUs, each of which holds one trial at a time."""

    nodes: int
    cpus: int = 8

    @property
    def slots(self) -> int:
        return self.nodes * self.cpus


@dataclass(frozen=True)
class Simulated:
    """How a run went.  Seconds."""

    wall: float
    ideal: float  # one start, and the work spread over the slots
    busy: float  # of the driver, as a share of the wall time
    late: float  # the longest that an outcome waited until the driver heard it

    @property
    def over_ideal(self) -> float:
        return self.wall / self.ideal


def simulate(cluster: Cluster, trials: int, seconds: float, costs: Costs, sign: float = SIGN_SECONDS) -> Simulated:
    """Trials of so many seconds each."""
    slots = min(cluster.slots, trials)
    run = _Run(slots, trials, seconds, costs, sign)
    while run.ended < trials:
        run.turn()
    return Simulated(run.now, costs.start + -(-trials // slots) * seconds, run.busy / run.now, run.late)


class _Run:
    """The driver's loop.  M places for trials in Ray's hands; of each when it began, ends, and how much was heard."""

    def __init__(self, slots: int, trials: int, seconds: float, costs: Costs, sign: float) -> None:
        self._seconds, self._costs, self._sign = seconds, costs, sign
        self._left, most = trials, min(2 * slots, trials)
        self._begun_M, self._heard_M = np.full(most, np.inf), np.zeros(most, np.int64)
        self._free = [costs.start] * slots  # when each slot is, with a worker that is up
        heapq.heapify(self._free)
        self._queue: list[tuple[float, int]] = []  # (since when it is in Ray's hands, place), in order
        self._next, self._in_hand = 0, 0
        self.now = self.busy = self.late = 0.0
        self.ended = 0
        self._hand_over(range(most))

    def turn(self) -> None:
        """One turn of the loop, or what happens next if nothing has."""
        self._begin()
        ready_M = self._waiting_messages() > 0
        if not ready_M.any():
            self.now = self._next_message()
            return
        before, heard = self.now, np.flatnonzero(ready_M)
        signs = self._signs(self._begun_M[heard] + self._seconds, heard)
        last = heard[self._heard_M[heard] >= 1 + signs]
        self._heard_M[heard] += 1
        self.now += self._in_hand * self._costs.look + len(heard) * self._costs.message
        if len(last):
            self.late = max(self.late, float(self.now - (self._begun_M[last] + self._seconds).min()))
            self.now += len(last) * self._costs.record
            self.ended += len(last)
            self._in_hand -= len(last)
            self._begun_M[last], self._heard_M[last] = np.inf, 0
        self.busy += self.now - before
        self._hand_over(last)

    def _hand_over(self, places: "range | np.ndarray") -> None:
        """Gives Ray as many more trials as there are free places."""
        for place in places:
            if not self._left:
                return
            self._left -= 1
            self._in_hand += 1
            self.now += self._costs.submit
            self.busy += self._costs.submit
            self._queue.append((self.now, int(place)))

    def _begin(self) -> None:
        """Slots that are free by now begin what waits for them."""
        while self._next < len(self._queue) and self._free[0] <= self.now:
            since, place = self._queue[self._next]
            self._next += 1
            begun = max(self._free[0], since)
            self._begun_M[place] = begun
            heapq.heapreplace(self._free, begun + self._seconds)

    def _waiting_messages(self) -> np.ndarray:
        """(M,) Messages that were sent by now and not heard: it has begun, signs, the outcome."""
        running = np.isfinite(self._begun_M)
        upto_M = np.minimum(self.now, self._begun_M + self._seconds)
        sent_M = np.zeros(len(self._begun_M), np.int64)
        sent_M[running] = 1 + self._signs(upto_M[running], running)
        sent_M[running & (self._begun_M + self._seconds <= self.now)] += 1
        return sent_M - self._heard_M

    def _signs(self, until: np.ndarray, places: np.ndarray) -> np.ndarray:
        """How many signs of life those in these places have sent until then; the outcome takes the last one's place."""
        lasted = np.minimum(until - self._begun_M[places], self._seconds)
        most = max(0, int(np.ceil(self._seconds / self._sign - 1e-9)) - 1)
        return np.clip((lasted / self._sign + 1e-9).astype(np.int64), 0, most)

    def _next_message(self) -> float:
        """When there is something to hear, or a slot takes up what waits."""
        running = np.isfinite(self._begun_M)
        times = []
        if running.any():
            begun, heard = self._begun_M[running], self._heard_M[running]
            following = np.where(heard == 0, begun, begun + np.minimum(heard * self._sign, self._seconds))
            times.append(float(following.min()))
        if self._next < len(self._queue):
            times.append(max(self._free[0], self._queue[self._next][0]))
        return max(self.now, min(times)) if min(times) > self.now else self.now + 1e-6


def capacity(costs: Costs, seconds: float, sign: float) -> float:
    """How many slots one driver keeps busy: it must hear each trial's signs, its beginning and end, and replace it."""
    return 1.0 / (costs.message / sign + (2 * costs.message + costs.record + costs.submit) / seconds)
