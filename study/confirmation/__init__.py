"""Confirmation: race, final, opening of the test split, ablation."""
