"""Files that are right, one for each reader and record, and ways to spoil them."""

import gzip
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet
from hypothesis import strategies as st

from pipeline.records import (
    Certificate,
    Counterexample,
    Finding,
    Fingerprint,
    InputSpec,
    ProgramPrint,
    Proof,
    TensorText,
    WeightRole,
)

GOLDEN = Path(__file__).parents[2] / "tests/report/golden/run.json"
FORMATS: Mapping[str, str] = {  # a name that each reader takes
    "avazu": "train.csv",
    "adult": "adult.data",
    "criteo": "train.txt",
    "csv": "mine.csv",
    "idx": "images.idx3-ubyte",
    "libffm": "a.ffm",
    "libsvm": "a.svm",
    "movielens_100k": "u.data",
    "movielens_movies": "movies.dat",
    "movielens_ratings": "ratings.dat",
    "movielens_users": "users.dat",
    "nab": "nab.csv",
    "npz": "a.npz",
    "parquet": "a.parquet",
    "ucr": "1_UCR_Anomaly_x_4_6_7.txt",
}
ADULT = b"39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Own, White, Male, 2174, 0, 40, ?, <=50K\n"
AVAZU = (
    b"id,click,hour,C1,banner_pos,site_id,site_domain,site_category,app_id,app_domain,app_category,device_id,device_ip,"
    b"device_model,device_type,device_conn_type,C14,C15,C16,C17,C18,C19,C20,C21\n"
    b"1000,0,14102100,1005,0,1f,f3,28,ec,78,07,a9,dd,44,1,2,15706,320,50,1722,0,35,-1,79\n"
)
# What parsers stumble over.
TOKENS: Sequence[bytes] = (
    *(b"", b"\0", b"\n", b"\r", b"\r\n", b'"', b"'", b",", b"::", b"\t", b":", b"|", b"#", b" ", b"\x1f", b"\xff"),
    *(b"\xef\xbb\xbf", b"\xfe\xff", b"\xed\xa0\x80", b"nan", b"inf", b"-inf", b"1e999", b"-0", b"1e308", b"9" * 25),
    *(b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"A" * 2000),
    *(b"[" * 50, b"{" * 50, b"null", b"-1", b"0x1", b"1_0", b"\xe2\x80\xae", b"\x1b[2J", b"<script>", b"../../x"),
)
Change = tuple[int, int, int, bytes]  # where (of 65536), what (0 put in, 1 put over, 2 cut out, 3 cut off, 4 twice)


def changes(tokens: Sequence[bytes] = TOKENS, most: int = 5) -> st.SearchStrategy[list[Change]]:
    """Some changes to some bytes."""
    new = st.sampled_from(tokens) | st.binary(max_size=8)
    return st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 4), st.integers(1, 64), new), max_size=most)


def spoil(content: bytes, how: Sequence[Change]) -> bytes:
    """The bytes with those changes."""
    for where, what, length, new in how:
        at = where * len(content) // 65536
        behind = {0: content[at:], 1: content[at + len(new) :], 2: content[at + length :], 3: b"", 4: content[at:]}[
            what
        ]
        middle = content[at : at + length] if what == 4 else new if what < 2 else b""
        content = content[:at] + middle + behind
    return content


def right_files() -> dict[str, bytes]:
    """By format, the bytes of a file that its reader reads."""
    numbers = np.arange(12, dtype=np.float32).reshape(6, 2)
    zipped, columns = io.BytesIO(), io.BytesIO()
    np.savez_compressed(zipped, x=numbers, y=np.arange(6))
    table = pa.table({"x": [1.5, None, 2.0], "s": ["a", "b", None], "l": [[1, 2], [], None], "t": [True, None, False]})
    pyarrow.parquet.write_table(table, columns)
    return {
        "adult": ADULT * 3,
        "avazu": AVAZU,
        "criteo": b"\t".join([b"1", *[b"3"] * 13, *[b"68fd1e64"] * 26]) + b"\n",
        "csv": b'a,b,c\n1,"x, y",2014-10-30 15:30:00\n2,z,\n',
        "idx": b"\0\0\x08\x03" + struct.pack(">3I", 2, 2, 3) + bytes(range(12)),
        "libffm": b"1 0:1:0.5 1:2:1\n0 0:3:1 # end\n",
        "libsvm": b"1 1:0.5 7:1.5\n-1 2:1\n",
        "movielens_100k": b"196\t242\t3\t881250949\n186\t302\t3\t891717742\n",
        "movielens_movies": b"1::Toy Story (1995)::Animation|Comedy\n2::Jumanji (1995)::\n",
        "movielens_ratings": b"1::1193::5::978300760\n1::661::3::978302109\n",
        "movielens_users": b"1::F::1::10::48067\n2::M::56::16::70072\n",
        "nab": b"timestamp,value\n2014-10-30 15:30:00,1.5\n2014-10-30 15:35:00,2\n",
        "npz": zipped.getvalue(),
        "parquet": columns.getvalue(),
        "ucr": b"1.0\n2.0\n3.5\n4\n5\n6\n7\n8\n",
    }


def packed(content: bytes, how: int) -> bytes:
    """As it is (0), as gzip (1), or as the member `m` of a zip (2)."""
    if how == 0:
        return content
    if how == 1:
        return gzip.compress(content, 1)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m", content)
    return target.getvalue()


class Like(int):
    """Stands for another value of the same type: which one."""


def like(value: object, which: Like) -> object:
    """Senseless, and of the value's own type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return (0, -1, 1, 2**31, 2**53, -(2**63), 7, 2**63 - 1)[which]
    if isinstance(value, float):
        return (0.0, -1.0, 1e308, -1e308, 5e-324, 1e-9, 1e9, 0.5)[which]
    if isinstance(value, str):
        return ("", "../../x", "a\0b", "<script>", "mirrored", "keras", "x" * 300, "identical")[which]
    if isinstance(value, list):
        return ([], value[:1], value[1:], value * 2, value[::-1], value * 9, value[:2], value[-1:])[which]
    if isinstance(value, dict):
        kept = list(value.items())
        return dict(([], kept[:1], kept[1:], kept[:-1], kept[::-1], [*kept, ("odd", 1)], kept[:2], kept)[which])
    return value


# JSON that is of another type, or of the right one and senseless.
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.sampled_from([0.0, -1.0, 1e308, -1e308, 5e-324, 1.5]),
    st.sampled_from(
        ["", "nan", "../../x", "/etc/passwd", "CON", "a\0b", "\x1b[2J", "<script>", "=1+1", "|", "x" * 300]
    ),
    st.sampled_from([[], {}, [[]], [None], {"": ""}]),
    st.integers(0, 7).map(Like),
    st.integers(0, 7).map(Like),
    st.integers(0, 7).map(Like),
)


def golden() -> dict[str, object]:
    """A whole run, as JSON."""
    return dict(msgspec.json.decode(GOLDEN.read_bytes()))


def small_certificate() -> Certificate:
    """One of each thing that a certificate may hold."""
    tensor = TensorText((1,), "float32", "[1.]")
    found = Counterexample((tensor,), (tensor,), (tensor,), mode="train", batch=1)
    finding = Finding("values", "forward", "different", "outputs differ", details={"gap": 0.5}, counterexample=found)
    fingerprint = Fingerprint("0" * 64, 7, ("a cast",))
    proof = Proof(None, None, "", (), (ProgramPrint("p", "exact", fingerprint, fingerprint, True),), None, "opaque")
    return Certificate(
        *("different", "values", "It is different.", "a:b", "a:c", (InputSpec((3,)),)),
        *((WeightRole("kernel", (3,), "k", None),), (finding,), proof, (finding,), ("update",), {"seed": 0}),
        *({"keras": "3"}, 1.0),
    )


def bend(content: object, path: Sequence[int], odd: object) -> object:
    """The JSON with one value in another's place, found by choosing an entry at each depth; -1 at the end takes out."""
    if not path or not isinstance(content, dict | list) or not content:
        return like(content, odd) if isinstance(odd, Like) else odd
    keys = list(content) if isinstance(content, dict) else list(range(len(content)))
    key = keys[path[0] % len(keys)]
    made = dict(content) if isinstance(content, dict) else list(content)
    if path[1:] == [-1] or path[1:] == (-1,):
        del made[key]  # type: ignore[arg-type]
    else:
        made[key] = bend(content[key], path[1:], odd)  # type: ignore[index,call-overload]
    return made
