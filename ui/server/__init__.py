"""Objects that all tabs share: data set, store, caches, middleware and lifespan."""
