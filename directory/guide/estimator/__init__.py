"""The pages of the cost estimator; its formula is `guide/costs.py`."""
