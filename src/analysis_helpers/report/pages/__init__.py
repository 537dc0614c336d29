"""What a reader gets: pages, figures, the gallery and the tables beside them."""
