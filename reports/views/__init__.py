"""What a figure or table shows, as plain numbers computed from the record."""
