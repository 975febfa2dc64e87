"""Runs an HLO module on NumPy arrays; what a floating number is, the caller says."""
