"""What answers before Streamlit: sign-in, headers, compression, files."""
