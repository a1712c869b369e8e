"""Addresses that give the figures to other tools, as fresh as the store or frozen at a release."""
