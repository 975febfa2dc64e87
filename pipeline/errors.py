"""The errors a user can meet.  Each says where, what, and the remedy; the command line prints it and exits with 3."""


class ParityError(Exception):
    """A problem that the user can mend.  `str()` is the whole message, one line, no traceback needed."""

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(f"{where}: {what}; {remedy}")
        self.where, self.what, self.remedy = where, what, remedy

    def __reduce__(self) -> tuple[type["ParityError"], tuple[str, str, str]]:
        """Pickles by its three parts, so that it crosses a process boundary whole."""
        return type(self), (self.where, self.what, self.remedy)


class ConfigError(ParityError):
    """A config file, a command-line override or an argument does not make sense."""


class DataError(ParityError):
    """A data set is missing, damaged or not what its catalogue entry says."""


class RunDirectoryError(ParityError):
    """A run directory can't be used: other config, unreadable record, no permission, in use."""


class ClusterError(ParityError):
    """The cluster can't be reached or lacks what the trials need."""


class BuilderError(ParityError):
    """An arm's builder can't be found, raises, or returns neither a Layer nor a Model."""


class TrialError(Exception):
    """A trial can't go on for a reason that belongs to the trial (a NaN loss, say), not to the machine."""

    def __init__(self, category: str, message: str) -> None:
        super().__init__(message)
        self.category = category

    def __reduce__(self) -> tuple[type["TrialError"], tuple[str, str]]:
        return type(self), (self.category, str(self))
