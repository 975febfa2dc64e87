"""Arrays that grow by rows are ordinary .npy files."""

import numpy as np
import pytest

from pipeline.data.files.npy import NpyWriter


@pytest.mark.parametrize("counts", [[0], [3], [2, 0, 5], [1] * 1200], ids=["none", "one piece", "three", "many"])
def test_what_was_written_piece_by_piece_is_one_array(tmp_path, counts):
    pieces = [np.arange(2 * count, dtype=np.float32).reshape(count, 2) for count in counts]
    writer = NpyWriter(tmp_path / "a.npy", pieces[0])
    for piece in pieces:
        writer.write(piece)
    writer.close()
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy", mmap_mode="r"), np.concatenate(pieces))
    assert writer.rows == sum(counts)


def test_rows_are_written_in_their_own_order_also_from_a_view(tmp_path):
    values = np.arange(12, dtype=np.int32).reshape(3, 4).T
    writer = NpyWriter(tmp_path / "a.npy", values)
    writer.write(values[::2])
    writer.close()
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), values[::2])


@pytest.mark.parametrize("other", [np.zeros((1, 3), np.float32), np.zeros((1, 2))], ids=["shape", "type"])
def test_rows_unlike_the_first_are_refused(tmp_path, other):
    writer = NpyWriter(tmp_path / "a.npy", np.zeros((1, 2), np.float32))
    with pytest.raises(ValueError, match="after float32"):
        writer.write(other)
    writer.close()
