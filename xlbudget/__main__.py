"""`python -m xlbudget`: the command line."""

from xlbudget.cli import main

if __name__ == "__main__":
    main()
