"""Evidence to verdicts: pure functions, records in and records out; no file, no TensorFlow, no Ray."""

from pipeline.analysis.claims import Claim, answer_claims
from pipeline.analysis.families import FamilySummary, summarise_families
from pipeline.analysis.pairing import EvidenceError
from pipeline.analysis.summary import analyse, worst

__all__ = ["Claim", "EvidenceError", "FamilySummary", "analyse", "answer_claims", "summarise_families", "worst"]
