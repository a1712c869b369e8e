"""What leaves the project: exports, the data dictionary, the harm check."""
