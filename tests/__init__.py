"""Tests of the plugin and of its first host."""
