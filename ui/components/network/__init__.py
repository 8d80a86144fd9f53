"""The network in the browser: its forward pass in JavaScript, independent of the page."""
