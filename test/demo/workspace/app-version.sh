#!/bin/sh
# The last rollout missed one node.
echo "app ${APP_VERSION:-unknown}"
