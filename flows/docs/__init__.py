"""The manual of the language, written from its executable specification."""
