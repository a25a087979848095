"""Small applications as others write them; what is odd in them is what real ones do."""
