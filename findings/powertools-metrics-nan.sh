#!/usr/bin/env bash
# @aws-lambda-powertools/metrics 2.36.0: a metric of NaN is logged as `null`, which the embedded metric format does not allow.
#
# The format's schema wants a number or a list of numbers for each metric. `addMetric` checks name and unit, but takes NaN,
# and JSON writes NaN and Infinity as null. One such value stands between valid ones in the same list, and nothing is said.
# A share of zero requests is enough to get there. Keep values that are not finite away from it.
#
# Seen 2026-11-29 on Node 20:
#   [1,null,3,null]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-lambda-powertools/metrics@2.36.0
cat >probe.mjs <<'JS'
import { Metrics } from '@aws-lambda-powertools/metrics';
const metrics = new Metrics({ namespace: 'probe', serviceName: 'probe' });
for (const value of [1, 0 / 0, 3, 1 / 0]) metrics.addMetric('share', 'Percent', value);
metrics.publishStoredMetrics();
JS
node probe.mjs 2>&1 | grep -o '"share":\[[^]]*\]' | cut -d: -f2 | tee seen.txt
diff seen.txt - <<'TXT'
[1,null,3,null]
TXT
