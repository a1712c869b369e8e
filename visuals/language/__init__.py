"""Figures, reasons and checks in words; the catalogues of each language."""
