#!/usr/bin/env bash
# dynamoose 4.2.0: if it may not create a table, the process ends, and the caller cannot catch the error.
#
# By default, a model first creates its table if it does not exist. If that fails, for example because the role has no permission
# for CreateTable, the promise of the operation stays pending for good. The error is an unhandled rejection, which ends a Node
# process. `create: false` with `waitForActive: false` avoids both: then the operation itself fails, and `catch` gets the error.
#
# Seen 2026-11-29 with dynamoose 4.2.0 on Node 24:
#   by default      the process ended with AccessDeniedException
#   create: false   caught ResourceNotFoundException
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund dynamoose@4.2.0
cat >probe.mjs <<'JS'
import { createServer } from 'node:http';
import dynamoose from 'dynamoose';

/** A DynamoDB without tables, in which the caller may not create any. */
const server = createServer((request, response) => {
  const denied = request.headers['x-amz-target'].endsWith('.CreateTable');
  const name = denied ? 'AccessDeniedException' : 'ResourceNotFoundException';
  response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name }));
});
server.listen(0, '127.0.0.1', () => {
  dynamoose.aws.ddb.set(
    new dynamoose.aws.ddb.DynamoDB({
      endpoint: `http://127.0.0.1:${server.address().port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    }),
  );
  const options = process.argv[2] === 'default' ? {} : { create: false, waitForActive: false };
  const schema = new dynamoose.Schema({ id: { type: String, hashKey: true } });
  dynamoose
    .model('visits', schema, options)
    .get('a')
    .catch((error) => console.log('caught', error.name))
    .finally(() => server.close());
});
JS
probe() {
  if node probe.mjs "$1" 2>errors.txt; then return; fi
  echo "the process ended with $(grep -o 'AccessDeniedException' errors.txt | head -1)"
}
{
  echo "by default      $(probe default)"
  echo "create: false   $(probe none)"
} | tee seen.txt
diff seen.txt - <<'TXT'
by default      the process ended with AccessDeniedException
create: false   caught ResourceNotFoundException
TXT
