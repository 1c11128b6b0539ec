#!/usr/bin/env bash
# vitest 4.1.12: `vitest run -u FILE` updates the snapshots of every file.
#
# -u has an optional value (`vitest --help`: `-u, --update [type]`, one of all, new and none). So a file after it is that value:
# an unknown one is no error, and no file is left to choose the tests by. With the file first, only its tests run.
#
# Seen 2026-11-30 with vitest 4.1.12 on Node 20, in a folder with a.test.js and b.test.js:
#   vitest run -u a.test.js   2 files, exit code 0
#   vitest run a.test.js -u   1 file, exit code 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund vitest@4.1.12
for name in a b; do
  echo "import { expect, it } from 'vitest'; it('$name', () => expect(1).toBe(1));" >"$name.test.js"
done
count() {
  npx vitest run "$@" --reporter=json --outputFile=out.json >/dev/null 2>&1 && code=0 || code=$?
  node -p "JSON.parse(require('fs').readFileSync('out.json')).testResults.length + ' files, exit code $code'"
}
{
  echo "-u a.test.js: $(count -u a.test.js)"
  echo "a.test.js -u: $(count a.test.js -u)"
} | tee seen.txt
diff seen.txt - <<'TXT'
-u a.test.js: 2 files, exit code 0
a.test.js -u: 1 files, exit code 0
TXT
