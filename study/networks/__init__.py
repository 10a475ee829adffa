"""The one process that holds Keras for others: what it is asked, what it answers, its files."""
