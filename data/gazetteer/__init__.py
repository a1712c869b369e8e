"""Places and what belongs to them: areas, P-codes, crossings, events, outlines."""
