"""Figures out of reports: `figures_in` reads what a text states, by open rules and no model."""

from pipelines.extract.candidates import figures_in
from pipelines.extract.model import Statement

__all__ = ["Statement", "figures_in"]
