#!/bin/sh
# Shows how the app would be installed. It asks for these values, and changes nothing.
#
# @param version = 2.5.0 /^\d+\.\d+\.\d+$/ Version to install
# @param channel = stable (stable|beta) Where the version comes from
# @param reason = "planned update" Why, for the log
set -eu
echo "app      ${APP_VERSION:-unknown} -> $version"
echo "channel  $channel"
echo "log      $reason"
