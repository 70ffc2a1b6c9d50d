#!/bin/sh
# Writes until its output is cut, or until you end it.
while :; do
  echo "${NODE_NAME:-node}: another line of endless output"
done
