"""The worker and its jobs."""

from lms.jobs.worker import PERIODIC, Worker

__all__ = ["PERIODIC", "Worker"]
