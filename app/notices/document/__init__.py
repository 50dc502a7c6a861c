"""The official document of a notice: its content, words, HTML, PDF and mail. Values in, values out; no database."""
