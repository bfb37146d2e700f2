"""`python3 install demo | test | excel | lite | libreoffice`: one command from a fresh machine.

This file keeps to what any Python can read, so that an old one is told what it lacks.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "xlbudget needs Python 3.11 or newer; this one (" + sys.executable + ") is "
        "Python " + sys.version.split()[0] + ".\n"
        "Install a newer one from https://www.python.org/downloads/ and run the same command "
        "with it, for instance: python3.13 install demo"
    )

from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from install.commands import main

sys.exit(main(sys.argv[1:]))
