"""Time trials: both arms of a cell against each other in one process, and the baseline against itself."""
