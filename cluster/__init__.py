"""Many areas on many machines: the registry of sources, offered to Dagster (docs/scale.md)."""
