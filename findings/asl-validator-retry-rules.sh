#!/usr/bin/env bash
# asl-validator 4.0.0: a state machine may break the rules of Retry and of time-outs and still be "valid".
#
# The Amazon States Language (https://states-language.net/spec.html, "Errors" and "Task State") says: "States.ALL" must
# appear alone in its ErrorEquals and only in the last retrier; BackoffRate must be 1.0 or more; HeartbeatSeconds must be
# smaller than TimeoutSeconds. asl-validator finds missing targets and unreachable states, and accepts all four of these.
#
# Seen 2026-11-28 with asl-validator 4.0.0 on Node 20:
#   States.ALL before another retrier   valid
#   States.ALL beside another error     valid
#   BackoffRate of 0.5                  valid
#   heartbeat longer than the time-out  valid
#   a target that is missing            invalid
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund asl-validator@4.0.0
cat >probe.cjs <<'JS'
const library = require('asl-validator');
const validate = library.default ?? library;
const task = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:f', End: true };
const say = (name, more) => {
  const { isValid } = validate({ StartAt: 'A', States: { A: { ...task, ...more } } });
  console.log(name.padEnd(34), isValid ? 'valid' : 'invalid');
};
say('States.ALL before another retrier', { Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] });
say('States.ALL beside another error', { Retry: [{ ErrorEquals: ['States.ALL', 'X'] }] });
say('BackoffRate of 0.5', { Retry: [{ ErrorEquals: ['X'], BackoffRate: 0.5 }] });
say('heartbeat longer than the time-out', { TimeoutSeconds: 5, HeartbeatSeconds: 10 });
say('a target that is missing', { End: undefined, Next: 'B' });
JS
node probe.cjs | tee seen.txt
diff seen.txt - <<'TXT'
States.ALL before another retrier  valid
States.ALL beside another error    valid
BackoffRate of 0.5                 valid
heartbeat longer than the time-out valid
a target that is missing           invalid
TXT
