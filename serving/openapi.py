"""Writes the interface down as `serving/openapi.json`: a promise to programs.

Run as `python -m serving.openapi` after a change that is meant; a test compares.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from serving.app import bare_app
from serving.reference import describe

WRITTEN: Final = Path(__file__).parent / "openapi.json"


def as_text() -> str:
    """Give the interface as it is now, as the file's text."""
    return json.dumps(describe(bare_app()), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    WRITTEN.write_text(as_text(), encoding="utf-8")
