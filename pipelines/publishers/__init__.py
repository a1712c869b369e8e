"""What the sources of one publisher share: its interface, its files, its words."""
