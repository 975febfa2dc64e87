"""Data sets in a user's own files: encoded once, in bounded memory, and mapped into memory from then on."""
