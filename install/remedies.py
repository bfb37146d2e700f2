"""What to do about a failed step, from what its log says."""

from __future__ import annotations

import sys

NO_VENV = {
    "linux": "On Debian or Ubuntu: sudo apt-get install python3-venv python3-pip; "
    "on Fedora: sudo dnf install python3-pip. Then run the same command again.",
    "darwin": "Install Python from https://www.python.org/downloads/ or with "
    "`brew install python`, and run the same command with it.",
    "win32": "Run the Python installer again, choose Modify and tick pip; then run the same "
    "command again.",
}

# what a log says (lower case) -> what to do; the first that is found counts
SIGNS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("libreoffice is not installed",),
        "Install LibreOffice (on Debian or Ubuntu: sudo apt-get install libreoffice-calc "
        "python3-uno; elsewhere from https://www.libreoffice.org) and run the same command again.",
    ),
    (
        ("no space left on device", "not enough space", "disk quota exceeded"),
        "The disk is full: free 1 GB and run the same command again.",
    ),
    (
        ("permission denied", "access is denied"),
        "A file could not be written: run the command from a folder of your own, close programs "
        "that use the environment, and delete its folder .venv if another user made it.",
    ),
    (
        ("certificate_verify_failed", "sslerror"),
        "The package index could not be trusted: behind a company proxy set PIP_CERT to the "
        "company's certificate file and run the same command again.",
    ),
    (
        (
            "newconnectionerror",
            "name resolution",
            "getaddrinfo failed",
            "network is unreachable",
            "connection refused",
            "connecttimeout",
            "read timed out",
            "proxyerror",
        ),
        "The package index could not be reached: check the network (behind a proxy set "
        "HTTPS_PROXY, with a mirror set PIP_INDEX_URL) and run the same command again.",
    ),
    (
        (
            "error: command 'gcc'",
            "unable to find vcvarsall",
            "microsoft visual c++",
            "failed building wheel",
            "unknown compiler",
            "can't find rust compiler",
        ),
        "A package has no ready-made build for this Python and no compiler was found: use a "
        "64-bit Python 3.11, 3.12 or 3.13, for which no compiler is needed.",
    ),
    (
        ("no matching distribution found", "could not find a version"),
        "The package index does not offer a package for this Python: use a 64-bit Python 3.11, "
        "3.12 or 3.13, or check that PIP_INDEX_URL names a complete mirror.",
    ),
)


def remedy_for(log: str) -> str:
    """What to do about a step whose output this is."""
    said = log.casefold()
    for signs, remedy in SIGNS:
        if any(sign in said for sign in signs):
            return remedy
    return "The last lines of its log say why; mend that and run the same command again."


def no_venv(missing: str, platform: str = sys.platform) -> str:
    """What to do where Python came without a module that environments need."""
    remedy = NO_VENV.get(platform, NO_VENV["linux"])
    return f"This Python ({sys.executable}) came without {missing}. {remedy}"
