#!/usr/bin/env bash
# aws-cron-parser 1.1.12: in a month without the day, `next` gives a day of the following month.
#
# `cron(0 12 31 * ? *)` means the 31st at noon. EventBridge skips February. The parser says 3 March, and then also 31 March.
# For 29 February it says 1 March in three of four years, and `cron(0 12 30 2 ? *)`, a day that never comes, has a next run
# each year. A list of coming runs made from it shows runs that do not happen.
#
# Seen 2026-11-29 on Node 20, starting from 2027-01-15:
#   0 12 31 * ? *  2027-01-31 2027-03-03 2027-03-31 2027-05-01
#   0 12 29 2 ? *  2027-03-01 2028-02-29 2029-03-01 2030-03-01
#   0 12 30 2 ? *  2027-03-02 2028-03-01 2029-03-02 2030-03-02
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-cron-parser@1.1.12
cat >probe.cjs <<'JS'
const { next, parse } = require('aws-cron-parser');
for (const expression of ['0 12 31 * ? *', '0 12 29 2 ? *', '0 12 30 2 ? *']) {
  const cron = parse(expression);
  const days = [];
  let from = new Date('2027-01-15T00:00:00Z');
  while (days.length < 4) {
    const run = next(cron, from);
    days.push(run.toISOString().slice(0, 10));
    from = new Date(run.getTime() + 1000);
  }
  console.log(expression, '', days.join(' '));
}
JS
node probe.cjs | tee seen.txt
diff seen.txt - <<'TXT'
0 12 31 * ? *  2027-01-31 2027-03-03 2027-03-31 2027-05-01
0 12 29 2 ? *  2027-03-01 2028-02-29 2029-03-01 2030-03-01
0 12 30 2 ? *  2027-03-02 2028-03-01 2029-03-02 2030-03-02
TXT
