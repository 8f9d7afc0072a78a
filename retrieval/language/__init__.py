"""Words: one script to search in, terms, the language of a text, and what a question asks with."""
