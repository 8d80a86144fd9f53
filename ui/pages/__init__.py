"""The pages: inputs, one call, drawing."""
