"""How good a model is, compared with simple methods."""
