#!/bin/sh
# A quick answer from every node.
uptime
