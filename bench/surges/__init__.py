"""How the surge rule was chosen among others, and what came of a forecast: docs/surges.md."""
