"""What pages, editions and alerts ask of the figures: series, changes, comparisons."""
