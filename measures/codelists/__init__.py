"""What codelists can have wrong with them."""
