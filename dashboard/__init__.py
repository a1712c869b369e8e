"""The Streamlit side: pages and the parts they are made of. It reads the store, nothing else."""
