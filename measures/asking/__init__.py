"""What a definition asks, in plain words made of its model, for people who do not read
it.
"""
