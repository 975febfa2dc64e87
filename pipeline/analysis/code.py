"""What the code of each arm is like, as its training found it."""

from pipeline.analysis.wording import count
from pipeline.records import Record, Run, Style, TrainEvidence


class ArmCode(Record, frozen=True):
    """The code of one arm: as in ArmResult.  No `functions`: evidence of a version that did not count them."""

    family: str
    style: Style
    lines: int
    functions: int
    complexity: int
    overridden: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """`class 19 lines, complexity 7 in 6 functions, 5 methods overridden`."""
        lines = f"{self.style} {count(self.lines, 'line')}"
        if not self.functions:
            return lines
        functions, methods = count(self.functions, "function"), count(len(self.overridden), "method")
        return f"{lines}, complexity {self.complexity} in {functions}, {methods} overridden"


def arm_codes(run: Run) -> dict[str, tuple[ArmCode, ...]]:
    """The arms of each family that trained, in the order of the evidence."""
    found: dict[str, dict[Style, ArmCode]] = {}
    for item in run.evidence:
        if isinstance(item, TrainEvidence):
            family = item.trial.cell.family
            for arm in item.arms:
                code = ArmCode(family, arm.style, arm.source_lines, arm.functions, arm.complexity, arm.overridden)
                found.setdefault(family, {})[arm.style] = code
    return {family: tuple(styles.values()) for family, styles in found.items()}
