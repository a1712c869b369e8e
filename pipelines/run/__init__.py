"""One run of one source: fetch, read, check, publish, and when it is due."""
