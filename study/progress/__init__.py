"""Progress of a study on the terminal: live where it is one, plain lines where it is not."""
