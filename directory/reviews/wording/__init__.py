"""What may stand in a text that everybody reads: pure, words in, findings out."""
