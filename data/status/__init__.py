"""How fresh the sources are and how the installation fares."""
