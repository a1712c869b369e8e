"""The surges page: what fired, where, and how good the rule is."""
