"""Running the notebooks, keeping what is unchanged, and publishing the whole at once."""
