"""The failures a run expects. Each becomes an outcome; any other exception is a bug and is loud."""


class SourceUnavailable(Exception):  # noqa: N818 - reads as a fact where it is raised
    """The source could not be reached or gave no usable answer, after every retry."""


class SourceRefused(SourceUnavailable):
    """To ask again in an hour would bring the same: no right, no such address, nothing there."""


class SourceChanged(ValueError):  # noqa: N818
    """The answer has a shape that `read` was not written for; the message names what is amiss."""
