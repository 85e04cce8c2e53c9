"""The verifier's desk: the queue of tasks, one item with claim, source record and evidence, and exact matches."""
