#!/bin/sh
# Some 600 kB from each node.
seq 1 100000
