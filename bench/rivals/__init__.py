"""The same values and outlines, drawn the ways that users would pick instead of Nuzuh.

Each is written as its library's own documentation shows it, reads the folder that NUZUH_BENCH
names (`bench.content.for_rivals`), and offers the five numbers, the map of one month, the month's
name and a button to the month before. They run in an environment of their own
(`bench/requirements.lock`), so nothing here imports Nuzuh.
"""
