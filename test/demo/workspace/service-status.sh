#!/bin/sh
# Fails on a database node whose replica is behind.
case "$NODE_NAME" in
  web-*)
    echo "nginx: active, 4 workers"
    echo "shop-app: active, 128 requests/s"
    ;;
  cache-*)
    echo "redis: active, 2.1 GB of 4 GB used"
    ;;
  db-01)
    echo "postgres: active, primary, 118 connections"
    ;;
  db-*)
    echo "postgres: active, replica"
    echo "postgres: replication lag 42 s, limit 10 s" >&2
    exit 3
    ;;
  *)
    echo "consul: active, server"
    ;;
esac
