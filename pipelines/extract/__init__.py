"""Figures out of reports: `figures_in` reads what a text states, by open rules and no model."""

from pipelines.extract.model import Statement
from pipelines.extract.statements import figures_in

__all__ = ["Statement", "figures_in"]
