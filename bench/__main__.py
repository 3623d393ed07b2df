"""`python3 -m bench`: measures and prints the table. `--help` says how to make it shorter."""

import os
import sys

from app.__main__ import PYTHON, VENV, is_ready, prepare


def in_venv() -> None:
    """Get into `.venv`, made if needed, as `python3 -m app` does."""
    if os.path.realpath(sys.prefix) != os.path.realpath(VENV):
        if not is_ready(check_python=False):
            prepare(inside=False)
        os.execv(PYTHON, [PYTHON, "-m", "bench", *sys.argv[1:]])


if __name__ == "__main__":
    in_venv()
    from bench.run import main

    main()
