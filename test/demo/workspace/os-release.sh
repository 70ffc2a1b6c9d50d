#!/bin/sh
# The same on every node: one group.
. /etc/os-release
echo "$PRETTY_NAME, kernel $(uname -r)"
