"""Real files of publishers, beside the checkout where they are at hand; never part of it."""

from data.settings import ROOT

SHARED = ROOT.parent / "shared"
RECORDED = SHARED / "recordings"
BOUNDARIES = SHARED / "boundaries"
CASES = SHARED / "cases"
