#!/usr/bin/env bash
# DynamoDB-Toolbox 2.10.6: a batch of writes forgets its options if its requests follow them.
#
# An application with one table per day passes `tableName` with each command. `QueryCommand` and `BatchGetCommand` can be built
# in any order. `BatchWriteCommand` cannot: its `requests` returns a command without options. The items go to the table of the
# definition, without an error, and TypeScript accepts both orders.
#
# Seen 2026-11-29 with dynamodb-toolbox 2.10.6 on Node 24:
#   query, options first other
#   query, options last  other
#   write, options first default
#   write, options last  other
#   get, options first   other
#   get, options last    other
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund dynamodb-toolbox@2.10.6 @aws-sdk/client-dynamodb@3 @aws-sdk/lib-dynamodb@3 @aws-sdk/util-dynamodb@3
cat >probe.mjs <<'JS'
import { Entity } from 'dynamodb-toolbox/entity';
import { BatchGetRequest } from 'dynamodb-toolbox/entity/actions/batchGet';
import { BatchPutRequest } from 'dynamodb-toolbox/entity/actions/batchPut';
import { item } from 'dynamodb-toolbox/schema/item';
import { string } from 'dynamodb-toolbox/schema/string';
import { Table } from 'dynamodb-toolbox/table';
import { BatchGetCommand } from 'dynamodb-toolbox/table/actions/batchGet';
import { BatchWriteCommand } from 'dynamodb-toolbox/table/actions/batchWrite';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';

const table = new Table({ name: 'default', partitionKey: { name: 'id', type: 'string' } });
const visits = new Entity({ name: 'visit', table, schema: item({ id: string().key() }), timestamps: false });
const options = { tableName: 'other' };
const put = visits.build(BatchPutRequest).item({ id: 'a' });
const get = visits.build(BatchGetRequest).key({ id: 'a' });
const query = { partition: 'a' };
const one = (command) => Object.keys(command.params())[0];
const both = (action, name, given, read) => {
  const command = table.build(action);
  console.log(`${name}, options first`.padEnd(20), read(command.options(options)[given[0]](given[1])));
  console.log(`${name}, options last`.padEnd(20), read(command[given[0]](given[1]).options(options)));
};
both(QueryCommand, 'query', ['query', query], (command) => command.params().TableName);
both(BatchWriteCommand, 'write', ['requests', put], one);
both(BatchGetCommand, 'get', ['requests', get], one);
JS
node probe.mjs | tee seen.txt
diff seen.txt - <<'TXT'
query, options first other
query, options last  other
write, options first default
write, options last  other
get, options first   other
get, options last    other
TXT
