"""The network in the browser: its forward pass in JavaScript, which knows no page."""
