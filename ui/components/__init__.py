"""Streamlit components, a folder each with its Python, JavaScript, CSS and HTML."""
