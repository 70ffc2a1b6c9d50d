#!/bin/sh
# Output that arrives slowly.
for step in 1 2 3 4 5 6 7 8 9 10; do
  echo "${NODE_NAME:-node}: step $step of 10"
  sleep 2
done
