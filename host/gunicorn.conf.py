"""How `make run` serves: two processes of four threads; an office server and a laptop have two processors or more."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT') or 5000}"
workers = 2
threads = 4
worker_class = "gthread"
preload_app = False  # each worker opens its own database connections
timeout = 60
graceful_timeout = 30  # requests under way are answered before a worker ends
keepalive = 5
accesslog = None  # links with tokens pass through addresses
errorlog = "-"
loglevel = "warning"
forwarded_allow_ips = ""  # LMS_PROXIES alone decides whose X-Forwarded-* is believed
control_socket_disable = True  # nothing else on this machine needs to steer it
