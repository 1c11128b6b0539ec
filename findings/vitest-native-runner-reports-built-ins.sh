#!/usr/bin/env bash
# vitest 4.1.12, `experimental: { viteModuleRunner: false, nodeLoader: false }`, pool forks: each `require` of a module of
# Node itself, from anywhere, is reported to the main process, even if that module is loaded long ago.
#
# The resolve hook leaves out what resolves into node_modules, "for performance reasons". A module such as node:stream
# does not, so a package that calls require('stream') for each request sends one message for each of them. A hook that is
# registered later and answers for Node's modules at once avoids it.
#
# Seen 2026-11-29 on Node 24.21.0: 1000 calls of a package's function that requires `stream` sent 1000 messages, and 1000
# calls of one that requires a file of its own package sent none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund vitest@4.1.12 node@24.21.0
mkdir node_modules/requires-late
echo '{ "name": "requires-late", "main": "index.js" }' >node_modules/requires-late/package.json
echo 'exports.none = 0;' >node_modules/requires-late/other.js
cat >node_modules/requires-late/index.js <<'JS'
exports.stream = () => require('stream');
exports.other = () => require('./other.js');
JS
cat >vitest.config.mjs <<'JS'
export default { test: { pool: 'forks', experimental: { viteModuleRunner: false, nodeLoader: false } } };
JS
cat >probe.test.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import late from 'requires-late';
import { test } from 'vitest';

let messages = 0;
const send = process._send;
process._send = function (...args) {
  messages += 1;
  return send.apply(this, args);
};

async function messagesOf(call) {
  await new Promise((resolve) => setTimeout(resolve, 500));
  messages = 0;
  for (let i = 0; i < 1000; i += 1) call();
  return messages;
}

test('counts messages', async () => {
  late.stream();
  late.other();
  const counts = { stream: await messagesOf(late.stream), other: await messagesOf(late.other) };
  writeFileSync('seen.txt', `${JSON.stringify(counts)}\n`);
});
JS
node_modules/.bin/node node_modules/vitest/vitest.mjs run >output.txt 2>&1 || { cat output.txt; exit 1; }
cat seen.txt
diff seen.txt - <<'TXT'
{"stream":1000,"other":0}
TXT
