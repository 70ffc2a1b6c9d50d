#!/bin/sh
# A quick response from every node.
uptime
