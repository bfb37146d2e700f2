"""The extension as a file, and LibreOffice's own program that adds and removes it.

The type library is the generated IDL text itself: LibreOffice reads .idl files as well as compiled
ones, so nothing needs the SDK and nothing binary is shipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from xlbudget.errors import BudgetError
from xlbudget.formulas.catalogue import CATALOGUE
from xlbudget.formulas.formula import Argument, Formula
from xlbudget.version import __version__

EXTENSION = "org.xlbudget.formulas"
UNOPKG_AT = (
    "/Applications/LibreOffice.app/Contents/MacOS/unopkg",
    r"C:\Program Files\LibreOffice\program\unopkg.com",
    "/usr/lib/libreoffice/program/unopkg",
    "/opt/libreoffice/program/unopkg",
)
_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
  <manifest:file-entry manifest:full-path="formulas.idl"
    manifest:media-type="application/vnd.sun.star.uno-typelibrary;type=RDB"/>
  <manifest:file-entry manifest:full-path="component.py"
    manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
</manifest:manifest>
"""
_DESCRIPTION = f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006">
  <identifier value="{EXTENSION}"/>
  <version value="{__version__}"/>
  <display-name><name lang="en">xlbudget formulas</name></display-name>
</description>
"""


class NotInstalled(BudgetError):
    """LibreOffice is not there, or did not take the extension."""


def idl() -> str:
    """The type library: one method a formula.

    A required table is a cell range, which knows its address and its error cells; every other
    argument is `any`, since Calc allows only those to be left out at the end.
    """
    methods = "".join(
        f"  sequence< sequence<any> > {f.name}({', '.join(map(_parameter, f.arguments))});\n"
        for f in CATALOGUE
    )
    return (
        "module xlbudget {\n"
        "interface XFormulas: com::sun::star::uno::XInterface {\n"
        f"{methods}"
        "};\n};\n"
    )


def build(path: str | Path, interpreter: str = sys.executable) -> Path:
    """Write the extension (.oxt) whose backend is run by this Python interpreter."""
    root = Path(str(files("xlbudget"))).parent
    backend = {"interpreter": str(interpreter), "root": str(root)}
    component = files(__package__).joinpath("component.py").read_text("utf-8")
    path = Path(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("META-INF/manifest.xml", _MANIFEST)
        packed.writestr("description.xml", _DESCRIPTION)
        packed.writestr("formulas.idl", idl())
        packed.writestr("formulas.json", json.dumps([_described(f) for f in CATALOGUE]))
        packed.writestr("backend.json", json.dumps(backend))
        packed.writestr("component.py", component)
    return path


def install(path: Path, profile: Path | None = None) -> None:
    """Add the extension to LibreOffice; profile: a private one instead of the user's."""
    _unopkg("add", "--force", str(path), profile=profile)
    if EXTENSION not in _unopkg("list", profile=profile).stdout:
        raise NotInstalled(f"LibreOffice did not take {path}; try: unopkg add -v -f {path}")


def remove(profile: Path | None = None) -> None:
    """Take the extension out again; nothing happens where it is not installed."""
    _unopkg("remove", EXTENSION, profile=profile)


def profile_options(profile: Path) -> list[str]:
    """Options for soffice and unopkg that keep everything inside one folder."""
    shared = profile / "shared"
    shared.mkdir(parents=True, exist_ok=True)
    return [
        f"-env:UserInstallation={profile.as_uri()}",
        f"-env:UNO_SHARED_PACKAGES_CACHE={shared.as_uri()}",
    ]


def office_environment() -> dict[str, str]:
    """The environment for LibreOffice's own programs.

    Its built-in Python takes its libraries from the first `python3` on the PATH, and only the
    system's has `uno`: a virtual or version-managed Python in front would hide the extension.
    """
    return {**os.environ, "PATH": os.pathsep.join(["/usr/bin", os.environ.get("PATH", "")])}


def _unopkg(action: str, *words: str, profile: Path | None) -> subprocess.CompletedProcess[str]:
    """LibreOffice's package tool. For root it only works on what all users share.

    Its exit code is not believed: some versions report a failure and register all the same.
    """
    shared = ["--shared"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    private = profile_options(profile) if profile else []
    return subprocess.run(
        [find_unopkg(), action, *shared, *private, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env=office_environment(),
    )


def find_unopkg(places: Sequence[str] = UNOPKG_AT) -> str:
    """The path of unopkg, which comes with LibreOffice; NotInstalled where there is none."""
    for place in (shutil.which("unopkg"), *places):
        if place and Path(place).exists():
            return place
    raise NotInstalled("LibreOffice is not installed here; get it from libreoffice.org")


def _parameter(argument: Argument) -> str:
    ranged = argument.kind.table and not argument.optional
    kind = "com::sun::star::table::XCellRange" if ranged else "any"
    return f"[in] {kind} {argument.name.replace('_', '')}"  # IDL has no underscores there


def _described(formula: Formula) -> dict[str, object]:
    return {
        "name": formula.name,
        "help": formula.help,
        "arguments": [{"name": a.name, "help": a.help} for a in formula.arguments],
    }
