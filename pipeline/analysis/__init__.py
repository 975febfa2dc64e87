"""Evidence to verdicts: pure functions, records in and records out; no file, no TensorFlow, no Ray."""

from pipeline.analysis.claims import Claim, answer_claims
from pipeline.analysis.families import FamilySummary, summarise_families
from pipeline.analysis.looks import wanting_seeds
from pipeline.analysis.pairing import EvidenceError
from pipeline.analysis.published import compare_published
from pipeline.analysis.summary import analyse, worst

__all__ = [
    "Claim",
    "EvidenceError",
    "FamilySummary",
    "analyse",
    "answer_claims",
    "compare_published",
    "summarise_families",
    "wanting_seeds",
    "worst",
]
