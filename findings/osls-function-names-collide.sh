#!/usr/bin/env bash
# osls 4.3.1 (Serverless Framework 3, maintained): two functions can become one without an error.
#
# A function's logical ID in CloudFormation spells "-" as "Dash", so `a-b` and `aDashb` are both ADashbLambdaFunction.
# `osls package` succeeds, and the template holds one function: the second. The first function's schedules stay and
# invoke the second function.
#
# Seen 2026-11-28 with osls 4.3.1 on Node 20:
#   ADashbLambdaFunction h.second
#   ADashbEventsRuleSchedule1 rate(5 minutes) ADashbLambdaFunction
#   ADashbEventsRuleSchedule2 rate(7 minutes) ADashbLambdaFunction
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund osls@4.3.1
cat >serverless.yml <<'YML'
service: probe
provider: { name: aws, runtime: nodejs22.x }
functions:
  a-b:
    handler: h.first
    events: [{ schedule: rate(1 minute) }, { schedule: rate(7 minutes) }]
  aDashb:
    handler: h.second
    events: [{ schedule: rate(5 minutes) }]
YML
echo 'exports.first = exports.second = async () => 1;' >h.js
npx osls package >package.log 2>&1 || { cat package.log; exit 1; }
cat >probe.cjs <<'JS'
const { Resources } = require('./.serverless/cloudformation-template-update-stack.json');
for (const [id, { Type, Properties }] of Object.entries(Resources)) {
  if (Type === 'AWS::Lambda::Function') console.log(id, Properties.Handler);
  if (Type === 'AWS::Events::Rule')
    console.log(id, Properties.ScheduleExpression, Properties.Targets[0].Arn['Fn::GetAtt'][0]);
}
JS
node probe.cjs | tee seen.txt
diff seen.txt - <<'TXT'
ADashbLambdaFunction h.second
ADashbEventsRuleSchedule1 rate(5 minutes) ADashbLambdaFunction
ADashbEventsRuleSchedule2 rate(7 minutes) ADashbLambdaFunction
TXT
