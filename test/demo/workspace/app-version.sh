#!/bin/sh
# One node was forgotten in the last rollout.
echo "app ${APP_VERSION:-unknown}"
