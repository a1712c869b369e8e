"""The command line, above everything else: each module holds the commands of one subject."""
