import json

import jsonschema
import msgspec
import pytest
from golden_run import SCHEMA, golden_run

from pipeline.report.document import ReportDocument


@pytest.fixture(scope="module")
def schema():
    return json.loads(SCHEMA.read_bytes())


def test_the_schema_is_a_valid_schema(schema):
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_report_satisfies_its_schema(files, schema):
    jsonschema.validate(json.loads(files["report.json"]), schema)


def test_a_report_with_an_unknown_verdict_breaks_its_schema(files, schema):
    broken = json.loads(files["report.json"])
    broken["cells"][0]["summary"]["verdict"] = "fine"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_the_report_reads_back_into_its_record(files):
    document = msgspec.json.decode(files["report.json"], type=ReportDocument)
    assert (document.name, document.exit_code, document.evidence) == ("golden", 4, golden_run().evidence)
