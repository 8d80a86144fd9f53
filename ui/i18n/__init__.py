"""Every visible text, in English and Spanish."""
