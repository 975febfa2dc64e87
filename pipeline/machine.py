"""What the command line prints for machines: records in, plain values out, ready for JSON."""

from typing import Any

from pipeline.plan.estimate import Estimate
from pipeline.records import Plan, Result


def result(made: Result) -> dict[str, Any]:
    """The verdict of each cell, what failed, and where the report is.  The whole run stands in its report.json."""
    return {
        "name": made.run.name,
        "exit_code": made.exit_code,
        "report": made.report,
        "cells": [
            {"cell": item.cell.label, "verdict": item.verdict, "level": item.level, "sentence": item.sentence}
            for item in made.summaries
        ],
        "failures": [
            {"trial": failure.trial.label, "category": failure.category, "message": failure.message}
            for failure in made.run.failures
        ],
    }


def plan(made: Plan, estimate: Estimate) -> dict[str, Any]:
    """The trials, what can't run and why, and about how long the rest takes."""
    return {
        "estimate": {"trials": estimate.trials, "work_s": estimate.work_seconds, "wall_s": estimate.wall_seconds},
        "trials": [
            {"id": trial.id, "trial": trial.label, "resources": trial.resources, "profile": trial.profile}
            for trial in made.trials
        ],
        "excluded": [
            {"cell": item.cell.label, "verdict": item.verdict, "reason": item.reason} for item in made.excluded
        ],
    }
