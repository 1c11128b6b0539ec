#!/usr/bin/env bash
# node 24.21.0: type stripping rejects two pieces of valid TypeScript, which are valid JavaScript too.
#
# `for (const of of list)`: a loop variable with the name `of`. A string with the escape of a single surrogate directly before
# an escape of the form \u{…}. The same text runs as a .js file, and TypeScript and esbuild accept it as .ts.
#
# Seen 2026-11-29:
#   variable.js  2
#   variable.ts  ERR_INVALID_TYPESCRIPT_SYNTAX
#   escape.js    3
#   escape.ts    ERR_INVALID_TYPESCRIPT_SYNTAX
#   esbuild      2 3
#   typescript   no error
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0 esbuild@0.28.2 typescript@6.0.3
cat >variable.js <<'JS'
let sum = 0;
for (const of of [1, 1]) sum += of;
console.log(sum);
JS
cat >escape.js <<'JS'
console.log('\ud800\u{e0001}'.length);
JS
node=node_modules/.bin/node
{
  for file in variable escape; do
    cp $file.js $file.ts
    echo "$file.js  $($node $file.js)"
    echo "$file.ts  $($node $file.ts 2>&1 | grep -o 'ERR_[A-Z_]*' | head -1)"
  done
  echo "esbuild  $(for file in variable escape; do npx esbuild $file.ts | $node --input-type=commonjs; done | xargs)"
  echo "typescript  $(npx tsc --noEmit --strict --target es2022 --lib es2022,dom --types '*' variable.ts escape.ts && echo no error)"
} | tee seen.txt
diff -w seen.txt - <<'TXT'
variable.js  2
variable.ts  ERR_INVALID_TYPESCRIPT_SYNTAX
escape.js    3
escape.ts    ERR_INVALID_TYPESCRIPT_SYNTAX
esbuild      2 3
typescript   no error
TXT
