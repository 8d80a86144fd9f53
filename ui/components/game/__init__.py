"""A game: five images to classify, a person beside the network."""
