"""Arguments of the commands in jobs/."""

import argparse
import sys
from typing import NoReturn

from pipeline.parser import USAGE_ERROR


class Parser(argparse.ArgumentParser):
    """Ends with the product's code for a usage error; argparse's own is that of an inconclusive verdict."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")
