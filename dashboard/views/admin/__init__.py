"""The administration page: held runs, files, alerts."""
