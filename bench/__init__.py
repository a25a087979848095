"""Generators and measurements; timing belongs here and never in tests."""
