"""certificate.schema.json: what `parity compare --json` writes, from the record itself."""

import json
from typing import Any

import msgspec

from pipeline.records import Certificate


def certificate_schema() -> dict[str, Any]:
    """The JSON Schema of a certificate."""
    schema = msgspec.json.schema(Certificate)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "layerparity certificate", **schema}


def schema_bytes() -> bytes:
    """What the file certificate.schema.json holds."""
    return json.dumps(certificate_schema(), indent=2, sort_keys=True).encode() + b"\n"
