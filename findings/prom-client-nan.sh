#!/usr/bin/env bash
# prom-client 15.1.3: a gauge of NaN is exposed as `Nan`.
#
# The text format of Prometheus spells the value NaN. +Inf and -Inf are spelled as documented.
#
# Seen 2026-11-29 on Node 20:
#   nan Nan
#   up +Inf
#   down -Inf
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund prom-client@15.1.3
cat >probe.cjs <<'JS'
const { Gauge, register } = require('prom-client');
const values = { nan: Number.NaN, up: Infinity, down: -Infinity };
for (const [name, value] of Object.entries(values)) new Gauge({ name, help: name }).set(value);
register.metrics().then((text) => console.log(text.split('\n').filter((line) => /^\w/.test(line)).join('\n')));
JS
node probe.cjs | tee seen.txt
diff seen.txt - <<'TXT'
nan Nan
up +Inf
down -Inf
TXT
