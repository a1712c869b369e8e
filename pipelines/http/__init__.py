"""Requests to publishers: politeness, bounds, retries and deadlines."""
