"""Prometheus metrics, summed over the workers of a machine, for whoever sends the token of LMS_METRICS_TOKEN.

Without a token there are none: nothing is counted, and prometheus_client is not loaded.
"""

import hmac
import os
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, abort, request

from host.watch import Seen, Watch
from lms.errors import ConfigurationError

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # set by gunicorn.conf.py, before any worker begins
LEAST = 16
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """What an operator would want to be woken up for: failures, slowness, all threads taken."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._registry = own = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("learning_requests", "Answered requests, by status class.", labels, registry=own)
        self._seconds = Histogram(
            "learning_request_seconds", "Until the last byte.", ("route",), buckets=BUCKETS, registry=own
        )
        self._under_way = Gauge(
            "learning_requests_under_way", "Threads that answer now.", multiprocess_mode="livesum", registry=own
        )

    def begin(self) -> None:
        """A request has come."""
        self._under_way.inc()

    def observe(self, seen: Seen) -> None:
        """A request has been answered."""
        self._under_way.dec()
        if seen.is_quiet:
            return
        self._requests.labels(seen.method, seen.route, f"{seen.status // 100}xx").inc()
        self._seconds.labels(seen.route).observe(seen.seconds)

    def tell(self) -> Response:
        """All metrics, of all workers where there are several."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self._registry
        if FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def init(app: Flask, watch: Watch, settings: Mapping[str, str]) -> None:
    """Count, and tell at /metrics, when there is a token. Raises ConfigurationError for one that can be guessed."""
    token = settings["LMS_METRICS_TOKEN"]
    if not token:
        return
    if len(token) < LEAST:
        raise ConfigurationError(f"LMS_METRICS_TOKEN has {len(token)} characters; {LEAST} are needed.")
    metrics = Metrics()
    watch.observers.append(metrics.observe)
    watch.begun.append(metrics.begin)

    def tell() -> Any:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {token}".encode()):
            abort(404)  # as if it were not there
        return metrics.tell()

    app.add_url_rule("/metrics", "host_metrics", tell)
