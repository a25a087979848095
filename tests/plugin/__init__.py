"""The plugin as a guest: three unlike hosts, two at once, coming, leaving, and in a wheel."""
