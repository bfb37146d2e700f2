"""What others would do with the same tables: baselines here, libraries in their own interpreter."""
