"""Tables: CSV, Parquet, Arrow and ARFF files as columns of cells, and what they are as numbers."""
