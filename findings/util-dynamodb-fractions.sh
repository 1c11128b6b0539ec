#!/usr/bin/env bash
# @aws-sdk/util-dynamodb 3.996.9: `unmarshall` guards large integers and silently rounds fractions.
#
# DynamoDB numbers have up to 38 digits. `unmarshall` (and the document client, which uses it) turns an integer beyond
# 2^53 into a BigInt so that no digit is lost. A fraction of 20 digits is rounded to a double without a word. A number
# that is large and has a fraction is an error, and the message speaks of BigInt.
#
# Seen 2026-11-28 on Node 20, version as printed:
#   12345678901234567890     bigint 12345678901234567890
#   0.12345678901234567890   number 0.12345678901234568
#   12345678901234567.25     Error
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-sdk/util-dynamodb@3.996.9
cat >probe.mjs <<'JS'
import { unmarshall } from '@aws-sdk/util-dynamodb';
for (const N of ['12345678901234567890', '0.12345678901234567890', '12345678901234567.25']) {
  let seen;
  try {
    const { n } = unmarshall({ n: { N } });
    seen = `${typeof n} ${n}`;
  } catch (error) {
    seen = error.name;
  }
  console.log(N.padEnd(24), seen);
}
JS
node probe.mjs | tee seen.txt
diff seen.txt - <<'TXT'
12345678901234567890     bigint 12345678901234567890
0.12345678901234567890   number 0.12345678901234568
12345678901234567.25     Error
TXT
