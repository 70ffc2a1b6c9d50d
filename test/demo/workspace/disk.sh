#!/bin/sh
# Select the lines you need and run only those.
df -h / /tmp

echo "-- largest in /var/log"
du -sk /var/log/* 2>/dev/null | sort -rn | head -n 5

echo "-- inodes"
df -i /
