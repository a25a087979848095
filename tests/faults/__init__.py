"""What must not be lost when things break: kills, errors and cut lines at every point, and the order of the disk.

The check is that of a set: whoever sends keeps a log of what the server acknowledged; afterwards every acknowledged
thing is in the database exactly once.
"""
