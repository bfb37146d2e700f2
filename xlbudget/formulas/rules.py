"""A Guardrails argument: the active rules, read against the model's lines."""

from __future__ import annotations

from xlbudget.data.raw import RawTable
from xlbudget.errors import BadInput
from xlbudget.findings import errors_of
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.rules import Guardrails
from xlbudget.response.model import ResponseModel


def rules_of(model: ResponseModel, guardrails: RawTable | None) -> Guardrails:
    """The active rules of a Guardrails range; BadInput lists every row that cannot hold."""
    rules, findings = read_guardrails(model.data, guardrails)
    if errors_of(findings):
        raise BadInput(errors_of(findings))
    return rules
