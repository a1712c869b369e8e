"""One module for each source, named {publisher}_{dataset}: `fetch`, `read`, `SOURCE`."""
