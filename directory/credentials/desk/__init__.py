"""The verifiers' desk: the queue of tasks, and one item with its submission, source record and evidence."""
