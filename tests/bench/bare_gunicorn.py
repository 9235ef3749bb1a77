"""The same server as the product's on SQLite, without the product."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
workers = 1
threads = 8
keepalive = 5
accesslog = None
control_socket_disable = True
