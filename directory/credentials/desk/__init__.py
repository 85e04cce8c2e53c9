"""The verifiers' desk: the queue of tasks, and one item with its claim, source record and evidence."""
