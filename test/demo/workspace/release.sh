#!/bin/sh
# Shows the release: the last rollout missed one node.
case "${APP_VERSION:-unknown}" in
  2.4.0) commit=9c1e07b built=2026-10-02 schema=117 ;;
  *) commit=4f2ab81 built=2026-11-16 schema=118 ;;
esac
echo "shop-app ${APP_VERSION:-unknown}"
echo "commit   $commit"
echo "built    $built"
echo "schema   $schema"
echo "runtime  node 24.11.0"
echo "config   42 keys"
