"""Where the repository and its smallest config are."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SMOKE = ROOT / "configs" / "smoke.yaml"
