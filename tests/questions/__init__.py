"""The question types, through one contract and by hand."""
