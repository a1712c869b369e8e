"""Scheduled work: fetch what publishers say, keep the bytes, check, publish."""
