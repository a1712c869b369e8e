"""One reader's session: the address, what is read once, the command line beside it."""
