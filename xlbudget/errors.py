"""What is raised, and how each error shows in a cell and as an exit code."""

from __future__ import annotations

from collections.abc import Sequence

from xlbudget.findings import Finding


class BudgetError(Exception):
    """Anything that a person can mend; the message says where, what and how."""

    cell_error = "#VALUE!"
    exit_code = 2


class BadInput(BudgetError):
    """The input cannot be computed with; `findings` lists everything in one pass."""

    exit_code = 1

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


class BadArgument(BudgetError):
    """An argument of a formula, function or command is not of the kind it takes."""


class Unknown(BudgetError):
    """A line, model or setting of that name does not exist."""

    cell_error = "#N/A"


class UnreadableFile(BudgetError):
    """The file is no workbook, is encrypted, damaged, or too large."""


class Impossible(BudgetError):
    """What is asked cannot be had, whatever the spend."""

    cell_error = "#NUM!"


class ConflictingGuardrails(Impossible):
    """No plan keeps all of these rules.

    named  each of them in words, with its place; the budget may be one
    why    what makes it impossible, where one rule does so alone
    """

    def __init__(
        self, rules: Sequence[str], way_out: str, named: Sequence[str] = (), why: str = ""
    ) -> None:
        words = list(named or rules)
        if len(words) == 1:
            who = f"{words[0]} cannot hold by itself"
        else:
            both = "both" if len(words) == 2 else "all"
            who = f"{', '.join(words[:-1])} and {words[-1]} cannot {both} hold"
        because = f": {why}" if why else ""
        super().__init__(f"Guardrails: {who}{because}; cheapest: {way_out}")
        self.rules = tuple(rules)
        self.way_out = way_out
