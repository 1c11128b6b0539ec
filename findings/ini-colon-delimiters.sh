#!/usr/bin/env bash
# ini 7.0.0: `option: value` is an option that is true, and a section whose name contains `]` is an option too.
#
# Python's ConfigParser takes `:` and `=` alike, and its files often use `:`. `ini` knows `=` only. It reads such a line as one
# long key without a value, so no error shows that every value is lost. A header with `]` inside, such as that of a regular
# expression, becomes a key of the section before it.
#
# Seen 2026-11-29 on Node 20:
#   {"global":{"region: eu-west-1":true,"[table: ^log[0-9]+$]":true,"minimum":"5"}}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ini@7.0.0
cat >probe.mjs <<'JS'
import { parse } from 'ini';
console.log(JSON.stringify(parse('[global]\nregion: eu-west-1\n[table: ^log[0-9]+$]\nminimum = 5\n')));
JS
node probe.mjs | tee seen.txt
diff seen.txt - <<'TXT'
{"global":{"region: eu-west-1":true,"[table: ^log[0-9]+$]":true,"minimum":"5"}}
TXT
