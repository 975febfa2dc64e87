"""The ids by which rows of the report link to each other."""

import hashlib


def cell_anchor(label: str) -> str:
    """Of a cell, from its label: stable from run to run, whatever characters the label has."""
    return f"cell-{hashlib.sha256(label.encode()).hexdigest()[:12]}"


def trial_anchor(identity: str) -> str:
    """Of a trial, from its id."""
    return f"trial-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def family_anchor(family: str) -> str:
    """Of a family, from its name."""
    return f"family-{hashlib.sha256(family.encode()).hexdigest()[:12]}"
