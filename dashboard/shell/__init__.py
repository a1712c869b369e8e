"""What stands around every page: head, menu, language, day."""
