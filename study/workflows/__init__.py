"""What the commands do: each workflow takes typed arguments and returns what it found."""
