import random

import numpy as np

from pipeline.certify.program.purity import changed, snapshot


class Holder:
    def __init__(self):
        self.inside = {"values": [1, 2, 3]}
        self.table = np.zeros(3)


def test_a_snapshot_sees_a_value_deep_inside():
    holder = Holder()
    before = snapshot(holder)
    holder.inside["values"][2] = 4
    assert changed(before, snapshot(holder)) == ("Holder.inside['values'][2]",)


def test_a_snapshot_sees_an_array_change_in_place():
    holder = Holder()
    before = snapshot(holder)
    holder.table[1] = 1.0
    assert changed(before, snapshot(holder)) == ("Holder.table",)


def test_a_snapshot_sees_a_draw_from_the_global_generators():
    before = snapshot(Holder())
    random.random()
    np.random.random()
    assert changed(before, snapshot(Holder())) == ("numpy.random", "random")


def test_a_cycle_ends():
    holder = Holder()
    holder.self = holder
    assert changed(snapshot(holder), snapshot(holder)) == ()
