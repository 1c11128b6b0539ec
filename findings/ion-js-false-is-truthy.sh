#!/usr/bin/env bash
# ion-js 5.2.1: of an export of DynamoDB as Amazon Ion, `load` reads the first item only, `false` is truthy, and JSON rounds numbers.
#
# DynamoDB exports one item a line, each after a version marker. `load` returns the first one and says nothing of the others;
# `loadAll` returns all. A boolean of Ion is a wrapper object, so `if (item.get('Active'))` is taken for `false`, although
# `== false` is true as well: ask `booleanValue()`. A number of DynamoDB is a decimal of up to 38 digits. `toString` has all of them, and
# `JSON.stringify` rounds it to a double, which it does to integers of Ion too.
#
# Seen 2026-12-01 on Node 20, version as printed:
#   load: {Id: 1}
#   loadAll: 2 items
#   false: truthy, == false: true, booleanValue: false
#   toString: 12345678901234567890123456789012345678
#   JSON: {"n":1.2345678901234568e+37,"i":12345678901234567000}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ion-js@5.2.1
cat >probe.mjs <<'JS'
import ion from 'ion-js';
const lines = '$ion_1_0 {Item:{Id:1.}}\n$ion_1_0 {Item:{Id:2.}}\n';
console.log('load:', String(ion.load(lines).get('Item')));
console.log('loadAll:', ion.loadAll(lines).length, 'items');
const active = ion.load('$ion_1_0 {Item:{Active:false}}').get('Item').get('Active');
console.log(`false: ${active ? 'truthy' : 'falsy'}, == false: ${active == false}, booleanValue: ${active.booleanValue()}`);
const numbers = ion.load('{n:12345678901234567890123456789012345678.,i:12345678901234567890}');
console.log('toString:', String(numbers.get('n').decimalValue()));
console.log('JSON:', JSON.stringify(numbers));
JS
node probe.mjs | tee seen.txt
diff seen.txt - <<'TXT'
load: {Id: 1}
loadAll: 2 items
false: truthy, == false: true, booleanValue: false
toString: 12345678901234567890123456789012345678
JSON: {"n":1.2345678901234568e+37,"i":12345678901234567000}
TXT
