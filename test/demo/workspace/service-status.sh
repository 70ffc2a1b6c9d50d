#!/bin/sh
# A check that passes on web and cache nodes and fails on database nodes.
case "$NODE_NAME" in
  db-*)
    echo "postgres: replication lag 42 s" >&2
    exit 3
    ;;
  *)
    echo "all services running"
    ;;
esac
