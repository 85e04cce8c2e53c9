"""Why an act on a credential or an exclusion may be refused."""


class FourEyesRefused(ValueError):  # noqa: N818 (the decision, not a fault of ours)
    """An act that somebody else has to do; the message is a sentence."""


class Faulty(ValueError):  # noqa: N818 (what was typed, not a fault of ours)
    """Values that do not hold together: `faults` has a sentence by the name of each."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults
