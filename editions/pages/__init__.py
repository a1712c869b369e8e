"""The pages of the light edition, one module a kind; `editions.light` names them."""
