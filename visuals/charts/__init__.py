"""Charts: Vega-Lite for pages, plain SVG for editions, and what both share."""
