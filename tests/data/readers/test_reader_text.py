"""CSV, Avazu, MovieLens, Adult and NAB: values as the formats have them, and what is wrong with its line."""

import csv
import io
import json
import re
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.data.readers.lines import SingleDelimiter
from pipeline.data.readers.registry import open_table
from pipeline.data.table import MISSING, concatenate
from pipeline.errors import DataError

AVAZU_HEADER = (
    b"id,click,hour,C1,banner_pos,site_id,site_domain,site_category,app_id,app_domain,app_category,device_id,device_ip,"
    b"device_model,device_type,device_conn_type,C14,C15,C16,C17,C18,C19,C20,C21\n"
)
AVAZU_ROW = (
    b"10000169349117863715,1,14102123,1005,0,1fbe01fe,f3845767,28905ebd,ecad2386,7801e8d9,07d7df22,a99f214a,96809ac8,"
    b"711ee120,1,0,15704,320,50,1722,0,35,-1,79\n"
)
ADULT_ROW = (
    b"39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male, 2174, 0, 40, "
    b"United-States, <=50K\n"
)


def test_csv_columns_are_text_unless_told_otherwise(read):
    table = read("t.csv", b"a,b,c\n1,2,x\n30,,\n", "csv", kinds={"a": "integer", "b": "number"})
    assert table["a"].tolist() == [1, 30]
    np.testing.assert_array_equal(table["b"], [2.0, np.nan])
    assert table["c"].tolist() == [b"x", b""]


def test_a_missing_whole_number_is_the_least_there_is(read):
    assert read("t.csv", b"a,b\n,1\n", "csv", kinds={"a": "integer"})["a"].tolist() == [MISSING]


def test_csv_reads_the_columns_asked_for_with_another_delimiter(read):
    table = read("t", b"a;b;c\n1;2;3\n", "csv", delimiter=";", columns=["c", "a"])
    assert {name: column.tolist() for name, column in table.columns.items()} == {"a": [b"1"], "c": [b"3"]}


def test_times_are_seconds_in_the_format_told(read):
    table = read("t.csv", b"a,b\n02.01.1970,1\n", "csv", kinds={"a": "time"}, time_format="%d.%m.%Y")
    assert table["a"].tolist() == [86_400]


def test_a_file_without_a_header_is_given_names(read):
    table = read("t.csv", b"1,2\n3,4\n", "csv", names=["a", "b"])
    assert table["a"].tolist() == [b"1", b"3"]


def test_a_quoted_value_may_hold_delimiters_quotes_and_line_ends(read):
    assert read("t", b'a,b\n"x,\n""y""",2\n', "csv")["a"].tolist() == [b'x,\n"y"']


def test_text_is_utf8_whatever_the_file_has(read):
    assert read("t", "a,b\ncafé,1\n".encode("latin-1"), "csv", encoding="latin-1")["a"].tolist() == ["café".encode()]


def test_a_byte_order_mark_is_no_part_of_a_name(read):
    assert list(read("t", b"\xef\xbb\xbfa,b\n1,2\n", "csv").columns) == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"a,b\n1,2\n3\n", {}, "t:3: 1 values instead of 2"),
        (b"a,b\n1,2\n3,4,5", {}, "t:3: 3 values instead of 2"),
        (b'a,b\n"1\n1",2\n3,x\n', {"kinds": {"b": "number"}}, "t:4: column b: 'x' is not a number"),
        (b"a,b\n1.5,2\n", {"kinds": {"a": "integer"}}, "t:2: column a: '1.5' is not a whole number of 64 bits"),
        (b"a,b\n9223372036854775808,2\n", {"kinds": {"a": "integer"}}, "t:2: column a: '9223372036854775808' is not"),
        (b"a,b\nyes,2\n", {"kinds": {"a": "time"}}, "t:2: column a: 'yes' is not a time"),
        (b"a,b\n1,caf\xe9\n", {}, "t:2: column b: 'caf\\udce9' is not text"),
        (b'a,b\n1,2\n"3,4\n5,6\n', {}, "t:3: 1 values instead of 2"),
        (
            b"a,a\n1,2\n",
            {},
            "t:1: column 'a': named twice, or unprintable; give it another name; if there is no header",
        ),
        (b"a,b\n1,2\n", {"columns": ["z"]}, "t:1: has no column 'z'; use some of a, b"),
        (b"a,b\n" + b"x" * 2000 + b",2\n", {}, "t: column a: a text of 2000 bytes; 1024 is the most; shorten"),
        (b'"a\n",b\n1,2\n', {}, "t:1: column 'a\\n': named twice, or unprintable"),
        (b"a,b\n1,caf\xe9\n", {"encoding": "ascii"}, "t:2: column b: 'caf\\udce9' is not text"),
        (b"a,b\n", {"encoding": "utf-9"}, "t: unknown encoding 'utf-9'"),
        (b"\n\na,b\n1,2\nx\n", {}, "t:5: 1 values instead of 2"),
        (b"a,b\n", {}, "t: has no rows"),
        (b"", {}, "t: has no rows"),
    ],
)
def test_malformed_csv_is_refused_with_its_fault(read, content, options, message):
    with pytest.raises(DataError, match=re.escape(message)):
        read("t", content, "csv", **options)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), st.floats(width=64)),
        min_size=1,
        max_size=20,
    )
)
def test_what_pandas_like_writers_quote_comes_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerows([["text", "number"], *rows])
    table = concatenate(list(open_table(path, "csv", kinds={"number": "number"})))
    assert table["text"].tolist() == [text.encode() for text, _ in rows]
    np.testing.assert_array_equal(table["number"], [number for _, number in rows])


def test_avazu_ids_are_text_and_its_hour_becomes_day_hour_and_weekday(read):
    table = read("train.csv", AVAZU_HEADER + AVAZU_ROW, "avazu")
    assert table["id"].tolist() == [b"10000169349117863715"]
    day = np.datetime64("1970-01-01") + table["day"][0]
    assert (str(day), table["hour"][0], table["weekday"][0]) == ("2014-10-21", 23, 1)  # a Tuesday
    assert (table["click"][0], table["C20"][0]) == (1, -1)


def test_avazus_test_file_has_no_click(read):
    header, row = AVAZU_HEADER.replace(b"click,", b""), AVAZU_ROW.replace(b",1,141", b",141")
    assert "click" not in read("test.csv", header + row, "avazu").columns


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (AVAZU_HEADER + AVAZU_ROW.replace(b"14102123", b"14132123"), "t:2: column hour: '14132123' is not a time"),
        (AVAZU_HEADER + AVAZU_ROW[:-3], "t:2: column C21: is missing"),
        (AVAZU_ROW, "t:1: is not Avazu's header"),
    ],
)
def test_malformed_avazu_is_refused_with_its_fault(read, content, message):
    with pytest.raises(DataError, match=re.escape(message)):
        read("t", content, "avazu")


def test_movielens_movies_are_latin_1_with_ragged_genres(read):
    content = "1::Toy Story: Redux (1995)::Animation|Comedy\n2::Misérables, Les (1995)::Drama\n".encode("latin-1")
    table = read("movies.dat", content)
    assert table["title"].tolist() == [b"Toy Story: Redux (1995)", "Misérables, Les (1995)".encode()]
    assert table["genres"].offsets_R1.tolist() == [0, 2, 3]
    assert table["genres"].values_V.tolist() == [b"Animation", b"Comedy", b"Drama"]


def test_movielens_ratings_are_numbers(read):
    table = read("ratings.dat", b"1::1193::5::978300760\n6040::1::3.5::956703932\n")
    assert [table[name].tolist() for name in table.columns] == [
        [1, 6040],
        [1193, 1],
        [5.0, 3.5],
        [978300760, 956703932],
    ]


def test_movielens_users_keep_their_zip_codes_as_text(read):
    table = read("users.dat", b"1::F::1::10::48067\n2::M::56::16::00231-12\n")
    assert table["zip"].tolist() == [b"48067", b"00231-12"]
    assert table["age"].tolist() == [1, 56]


def test_movielens_100k_has_tabs(read):
    assert read("u.data", b"196\t242\t3\t881250949\n")["rating"].tolist() == [3.0]


@pytest.mark.parametrize("rows", [1, 2, 50_000, 99_991])
def test_a_double_delimiter_is_found_wherever_a_read_ends(read, rows):
    content = b"".join(b"%d::%d::4::9783%05d\n" % (i, i * 7, i) for i in range(rows))
    table = read("ratings.dat", content)
    assert table["movie"].tolist() == [i * 7 for i in range(rows)]


@settings(deadline=None)
@given(st.text("a:\n", max_size=40).map(str.encode), st.integers(1, 5))
def test_delimiters_are_replaced_as_in_the_whole_whatever_the_size_of_a_read(content, size):
    file, buffer, found = SingleDelimiter(io.BytesIO(content), "::"), bytearray(size), b""
    while count := file.readinto(buffer):
        found += buffer[:count]
    assert found == content.replace(b"::", b"\x1f")


def test_a_malformed_rating_is_named_with_its_column(read):
    with pytest.raises(DataError, match=r"ratings\.dat:2: column movie: 'x' is not a whole number"):
        read("ratings.dat", b"1::1193::5::978300760\n1::x::5::978300760\n")


def test_a_rating_cut_off_is_refused(read):
    with pytest.raises(DataError, match=r"ratings\.dat:2: 3 values instead of 4"):
        read("ratings.dat", b"1::1193::5::978300760\n1::9::5")


def test_adult_is_trimmed_and_its_income_is_yes_or_no(read):
    table = read("adult.data", ADULT_ROW + ADULT_ROW.replace(b"<=50K", b">50K") + b"\n")
    assert table["workclass"].tolist() == [b"State-gov"] * 2
    assert table["age"].tolist() == [39.0, 39.0]
    assert table["income"].tolist() == [0, 1]


def test_adults_test_file_has_a_first_line_of_its_own_and_dots(read):
    table = read("adult.test", b"|1x3 Cross validator\n" + ADULT_ROW.replace(b"<=50K", b">50K."))
    assert table["income"].tolist() == [1]


def test_adults_question_marks_are_missing(read):
    table = read("adult.data", ADULT_ROW.replace(b"State-gov", b"?").replace(b"39,", b"?,"))
    assert table["workclass"].tolist() == [b""]
    assert np.isnan(table["age"][0])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (ADULT_ROW.replace(b"<=50K", b"50K"), "adult.test:2: column income: ' 50K' is not yes or no"),
        (ADULT_ROW.replace(b"77516", b"many"), "adult.test:2: column fnlwgt: ' many' is not a number"),
        (ADULT_ROW[:60], "adult.test:2: 7 values instead of 15"),
    ],
)
def test_malformed_adult_is_refused_with_its_fault(read, content, message):
    with pytest.raises(DataError, match=re.escape(message)):
        read("adult.test", b"|1x3 Cross validator\n" + content)


NAB = b"timestamp,value\n2014-07-01 00:00:00,10844\n2014-07-01 00:30:00,8127.5\n2014-07-01 01:00:00,6210\n"


def test_nab_times_are_seconds_and_windows_include_their_ends(read, tmp_path):
    windows = tmp_path / "combined_windows.json"
    spans = [["2014-07-01 00:30:00.000000", "2014-07-01 01:00:00.000000"]]
    windows.write_text(json.dumps({"realKnownCause/nyc_taxi.csv": spans, "other.csv": []}))
    table = read("realKnownCause/nyc_taxi.csv", NAB, "nab", windows=windows)
    assert table["timestamp"].astype("datetime64[s]")[1] == np.datetime64("2014-07-01T00:30:00")
    assert table["value"].tolist() == [10844.0, 8127.5, 6210.0]
    assert table["is_anomaly"].tolist() == [0, 1, 1]


def test_a_nab_series_without_windows_has_no_anomaly(read, tmp_path):
    (tmp_path / "w.json").write_text('{"x.csv": []}')
    assert read("x.csv", NAB, "nab", windows=tmp_path / "w.json", key="x.csv")["is_anomaly"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("windows", "message"),
    [("{}", "has no windows of"), ("[", "is no file of windows"), ('{"k": [["soon"]]}', "is no file of windows")],
)
def test_windows_that_cannot_be_used_are_refused(read, tmp_path, windows, message):
    (tmp_path / "w.json").write_text(windows)
    with pytest.raises(DataError, match=re.escape(message)):
        read("x.csv", NAB, "nab", windows=tmp_path / "w.json", key="k")


def test_a_malformed_nab_line_is_named_with_its_column(read):
    with pytest.raises(DataError, match=r"x\.csv:5: column timestamp: '2014-07-32 00:00:00' is not a time"):
        read("x.csv", NAB + b"2014-07-32 00:00:00,1\n", "nab")


def test_a_member_of_a_zip_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "ml-1m.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ml-1m/ratings.dat", "1::1193::5::978300760\n")
    (table,) = open_table(tmp_path / "ml-1m.zip", member="ml-1m/ratings.dat")
    assert table["movie"].tolist() == [1193]


def test_a_member_that_is_not_in_the_zip_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "ml-1m.zip", "w") as archive:
        archive.writestr("README", "")
    with pytest.raises(DataError, match=r"ml-1m\.zip: ratings\.dat: is not in the zip"):
        list(open_table(tmp_path / "ml-1m.zip", member="ratings.dat"))


def test_a_file_that_is_no_zip_is_called_damaged(tmp_path):
    (tmp_path / "ml-1m.zip").write_bytes(b"no zip")
    with pytest.raises(DataError, match=r"ml-1m\.zip: ratings\.dat: is damaged"):
        list(open_table(tmp_path / "ml-1m.zip", member="ratings.dat"))


def test_a_zip_with_a_password_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("u.data", "1\t2\t3\t4\n")
    content = bytearray((tmp_path / "t.zip").read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted member
    (tmp_path / "t.zip").write_bytes(content)
    with pytest.raises(DataError, match=r"u\.data: can't be unpacked \(.*password.*\); unpack the zip yourself"):
        list(open_table(tmp_path / "t.zip", member="u.data"))
