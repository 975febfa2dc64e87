"""Whether an address answers with 200: 0 if it does, else 1.  A slim image has neither curl nor wget."""

import sys
from urllib.error import URLError
from urllib.request import urlopen


def main(address: str) -> int:
    try:
        with urlopen(address, timeout=4) as answer:  # noqa: S310 - the address is the image's own
            return int(answer.status != 200)
    except (URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
