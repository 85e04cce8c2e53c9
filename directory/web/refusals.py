"""Why an act that a person asked for is not done. Each message is a sentence for that person."""


class RefusalError(ValueError):
    """The act may not be done now, or not by this person."""


class InvalidTransitionError(RefusalError):
    """What the act is about does not stand so that it can be done."""


class SelfApprovalError(RefusalError):
    """The act needs a second person, and this is the first one."""


class ConflictOfInterestError(RefusalError):
    """The person has a conflict of interest with the provider, or one that cannot be noted."""


class ValidationFailedError(ValueError):
    """Values that do not hold together: `faults` has a sentence by the name of each."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults
