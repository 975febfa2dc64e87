import json
from pathlib import Path

import jsonschema
import pytest
from certificates import certificate, counterexample, finding, proof

from pipeline.records import InputSpec
from pipeline.report import certificate_schema

FILE = Path(certificate_schema.__file__).with_name("certificate.schema.json")
REMEDY = (
    "write it again: python -c 'from pipeline.report import certificate_schema as s; print(s.schema_bytes().decode())'"
)


def test_the_schema_in_the_repository_is_that_of_the_record():
    assert certificate_schema.schema_bytes() == FILE.read_bytes(), REMEDY


def test_the_schema_is_a_valid_schema():
    jsonschema.Draft202012Validator.check_schema(json.loads(FILE.read_bytes()))


@pytest.fixture(scope="module")
def real():
    """A certificate that a comparison made."""
    from pipeline import compare
    from pipeline.frontend import keras

    arms = [lambda activation=name: keras.layers.Dense(2, activation=activation) for name in (None, "relu")]
    levels = ("interface", "program", "values")
    return compare(*arms, inputs=[InputSpec((3,))], levels=levels, batches=(2,))


def test_a_real_certificate_satisfies_the_schema(real):
    jsonschema.validate(json.loads(real.to_json()), json.loads(FILE.read_bytes()))


def test_a_real_certificate_reads_back_equal(real):
    assert type(real).from_json(real.to_json()).to_json() == real.to_json()


def test_a_certificate_with_an_unknown_verdict_breaks_the_schema():
    made = certificate("different", finding("different", found=counterexample()), proved=proof())
    broken = json.loads(made.to_json()) | {"verdict": "fine"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, json.loads(FILE.read_bytes()))
