"""What happened and what it means: records in, figures, page and terminal summary out."""
