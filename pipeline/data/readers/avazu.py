"""Avazu's click logs: CSV with a header.  No value is ever missing; −1 stands as the data has it.

id and the site, app and device columns text; C1, banner_pos, device_type, device_conn_type and C14–C21 int64; click
int64 (absent from the test file); `hour` (YYMMDDHH, UTC) becomes day int64 since 1970, hour 0..23 and weekday 0..6
from Monday.
"""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.data.readers.delimited import read_delimited
from pipeline.data.readers.layout import Kind, Layout
from pipeline.data.readers.lines import header_of
from pipeline.data.readers.place import Place
from pipeline.data.table import Table
from pipeline.errors import DataError

KINDS: dict[str, Kind] = {
    "id": "text",
    "click": "truth",
    "hour": "time",
    "C1": "integer",
    "banner_pos": "integer",
    **dict.fromkeys(("site_id", "site_domain", "site_category", "app_id", "app_domain", "app_category"), "text"),
    **dict.fromkeys(("device_id", "device_ip", "device_model"), "text"),
    **dict.fromkeys(("device_type", "device_conn_type"), "integer"),
    **dict.fromkeys((f"C{i}" for i in range(14, 22)), "integer"),
}
DAY, HOUR = 86_400, 3_600  # seconds
THURSDAY = 3  # the first of January 1970


def read(place: Place, *, chunk_rows: int) -> Iterator[Table]:
    """The train or the test file, by its header.  Raises DataError for another header."""
    layout = Layout(kinds=KINDS, required=tuple(KINDS), time_format="%y%m%d%H")
    line, names = header_of(place, layout)
    if names not in ([*KINDS], [name for name in KINDS if name != "click"]):
        raise DataError(
            f"{place}:{line}", f"is not Avazu's header: {','.join(names)[:80]!r}", "read it with format csv"
        )
    layout = replace(layout, skip=line, kinds={name: KINDS[name] for name in names})
    return map(_with_parts_of_time, read_delimited(place, layout, chunk_rows))


def _with_parts_of_time(table: Table) -> Table:
    seconds_R = table["hour"]
    day_R = seconds_R // DAY
    parts = {"day": day_R, "hour": seconds_R % DAY // HOUR, "weekday": (day_R + THURSDAY) % 7}
    return Table({**table.columns, **parts})
