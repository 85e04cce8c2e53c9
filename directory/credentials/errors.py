"""Why an act on a credential or an exclusion may be refused."""


class SelfApprovalError(ValueError):
    """An act that somebody else has to do; the message is a sentence."""


class ValidationFailedError(ValueError):
    """Values that do not hold together: `faults` has a sentence by the name of each."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults
