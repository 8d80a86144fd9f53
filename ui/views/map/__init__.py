"""The test images by a network's embeddings."""
