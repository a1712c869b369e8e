"""Surges: found below country level, by one open rule, with a public score.

`reports` turns figures into what a publisher counted in a stretch of days; `rule` says which of
them are surges; `families` are other rules, for comparison; `events` and `score` say how good a
rule is; `document` writes it all down. Nothing here draws, fetches, or knows a language.
"""
