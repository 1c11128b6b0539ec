#!/usr/bin/env bash
# TypeScript 7.0.2: JSDoc parameter types do not reach a function in a chained assignment such as `const f = exports.f = …`.
#
# The form is common in CommonJS files that other code of the same file uses too. TypeScript 6 applies `@param` there.
# TypeScript 7 applies it to `const f = …` and to `exports.f = …`, but in the chain the parameters are implicitly `any`, which
# is an error under --strict. A module that assigns `module.exports = { f }` at its end works in both.
#
# Seen 2026-11-29 on Node 20:
#   6 chained: no error
#   6 plain: no error
#   7 chained: TS7006
#   7 plain: no error
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund six@npm:typescript@6.0.3 seven@npm:typescript@7.0.2
cat >chained.cjs <<'JS'
/** @param {string} name */
const greet = exports.greet = (name) => `Hello ${name}`;
greet('a');
JS
cat >plain.cjs <<'JS'
/** @param {string} name */
const greet = (name) => `Hello ${name}`;
greet('a');
module.exports = { greet };
JS
compile() {
  local errors
  errors=$(node "node_modules/$1/bin/tsc" --allowJs --checkJs --strict --noEmit --module nodenext --target es2022 "$2.cjs" |
    grep -o 'TS[0-9]*' | sort -u || true)
  echo "${errors:-no error}"
}
for version in six seven; do
  for file in chained plain; do
    echo "$([ $version = six ] && echo 6 || echo 7) $file: $(compile $version $file)"
  done
done | tee seen.txt
diff seen.txt - <<'TXT'
6 chained: no error
6 plain: no error
7 chained: TS7006
7 plain: no error
TXT
