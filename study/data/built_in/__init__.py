"""Data sets that an installed package brings along: a module reads each."""
