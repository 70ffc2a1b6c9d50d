#!/bin/sh
# About 600 kB from each node.
seq 1 100000
