"""The layers and models that the bank compares, one file per topic."""
