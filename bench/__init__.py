"""Measurements, as ratios within one run: what an interaction costs, before and after a change."""
