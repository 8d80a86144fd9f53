"""The pages of the demo, the only package that imports Streamlit."""
