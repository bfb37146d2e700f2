"""`xlbudget fit`: the response model, kept in the store for the commands and cells after it."""

from __future__ import annotations

from pathlib import Path

from xlbudget.cli.command import Output, book_argument, command
from xlbudget.cli.source import fitted, opened
from xlbudget.response.attribution import attribution


@command("fit", example="xlbudget fit book.xlsx")
@book_argument
def fit(book: Path) -> Output:
    """Fit the response model and say how far it can be trusted."""
    source = opened(book)
    model, _ = fitted(source)
    diagnostics = model.diagnostics
    tests = {} if diagnostics.tests is None else diagnostics.tests.columns()
    platforms = attribution(model).columns()
    return Output(
        record={
            "source": book,
            "model": model.key,
            "draws": model.draws,
            "verdict": diagnostics.verdict,
            "diagnostics": diagnostics.columns(),
            "priors": model.priors_table().columns(),
            "tests": tests,
            "platforms": platforms,
        },
        sentences=(f"Model {model.key}, verdict: {diagnostics.verdict}.", *diagnostics.sentences),
        tables={
            "Checks of the fit": diagnostics.columns(),
            "Believed before, and now": model.priors_table().columns(),
            **({"What each lift test changed": tests} if tests else {}),
            **({"What platforms claim": platforms} if platforms["line"] else {}),
        },
        findings=source.findings,
    )
