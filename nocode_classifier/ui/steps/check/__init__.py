"""Check: can the model be trusted, what does it get wrong, and what should be done about it?"""
