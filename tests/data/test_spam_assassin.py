"""SpamAssassin's corpus: hand-made mails, then the real ones."""

import io
import tarfile

import numpy as np
import pytest
import scipy.sparse

from pipeline.data.spam_assassin import FOLDER, GROUPS, heaviest, prepare
from pipeline.errors import DataError


@pytest.fixture
def archive(tmp_path):
    """Packs mails, given as {path under the data folder: content}."""

    def pack(mails):
        path = tmp_path / "mails.tgz"
        with tarfile.open(path, "w:gz") as file:
            for name, content in mails.items():
                member = tarfile.TarInfo(f"{FOLDER}/{name}")
                member.size = len(content)
                file.addfile(member, io.BytesIO(content))
        return path

    return pack


def mails(text=b"Subject: headers\n\nsame words\n"):
    """Five mails a group."""
    return {f"{group}/{number}.txt": text for group in GROUPS for number in range(5)}


def test_a_fifth_of_ham_and_of_spam_is_held_out(archive):
    dataset = prepare(archive(mails()))
    assert (sorted(dataset.test.targets), sorted(dataset.train.targets)) == ([0] * 3 + [1] * 2, [0] * 12 + [1] * 8)


def test_terms_are_those_of_the_body(archive):
    # "same" and "words": two terms of equal weight, whose squares add up to 1.
    dataset = prepare(archive(mails()))
    assert dataset.vocabulary == 3
    assert dataset.train.parts["ids"][0, :3].tolist() == [1, 2, 0]
    np.testing.assert_allclose(dataset.train.parts["weights"][0, :3], [0.5**0.5, 0.5**0.5, 0], rtol=1e-6)


def test_the_heaviest_values_of_a_row_come_first():
    sparse = scipy.sparse.csr_matrix([[0.0, 0.3, 0.0, 0.9, 0.3], [0.0, 0.0, 0.0, 0.0, 0.5]])
    ids, weights = heaviest(sparse, 2)
    assert ids.tolist() == [[4, 2], [5, 0]]
    np.testing.assert_allclose(weights, [[0.9, 0.3], [0.5, 0.0]], rtol=1e-6)


def test_an_archive_without_a_group_is_refused(archive):
    without = {name: content for name, content in mails().items() if not name.startswith("spam-1")}
    with pytest.raises(DataError, match="has no mails in package/data/spam-1; delete it and fetch it again"):
        prepare(archive(without))


def test_an_archive_that_is_cut_off_is_refused(archive):
    path = archive(mails())
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match=r"mails\.tgz: can't be read"):
        prepare(path)


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "mails.tgz"
    path.write_bytes(b"no archive")
    with pytest.raises(DataError, match=r"mails\.tgz: can't be read"):
        prepare(path)


def test_real_mails_have_the_published_counts(loaded):
    dataset = loaded("spam_assassin")
    assert len(dataset.train) + len(dataset.test) == 6_046
    assert dataset.train.targets.sum() + dataset.test.targets.sum() == 1_896
    assert dataset.vocabulary == 124_473 + 1
