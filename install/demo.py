"""The demo: a sample market from an empty workbook to a plan that could be taken to a meeting."""

from __future__ import annotations

from install.environment import CHECKOUT, ready
from install.steps import StepFailed, aloud

FOLDER = CHECKOUT / "demo"


def run() -> int:
    """Make the sample workbook, check it, fit the model and write the plan file."""
    xlbudget = ready().program("xlbudget")
    FOLDER.mkdir(exist_ok=True)
    book, plan = FOLDER / "sample.xlsx", FOLDER / "plan.xlsx"
    story = (
        ("1. A sample workbook: 8 channels, 3 regions, 130 weeks", "template --sample --force -o"),
        ("2. Is it complete and consistent?", "validate"),
        ("3. What did each channel bring?", "contribution"),
        ("4. The plan for next quarter", "plan"),
    )
    for doing, words in story:
        output = ["-o", str(plan)] if words == "plan" else []
        if not aloud(doing, [xlbudget, *words.split(), str(book), *output]):
            raise StepFailed(f"The demo stopped at step {doing}; the lines above say why.")
    print(f"\nThe workbook that was read:  {book}")
    print(f"The plan file to look at:    {plan}")
    print("Next: open the plan file in Excel or LibreOffice, or read the tour in README.md.")
    return 0
