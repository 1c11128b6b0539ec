#!/usr/bin/env bash
# ElectroDB 3.9.3: `table`, the option that sends a call to another table, is ignored when it is given to a transaction.
#
# An application with one table per day passes the table's name on each call. `query`, `put` and batches take it.
# `service.transaction.write(…).params({ table })` does not: its items go to the table of the entity's definition, without
# an error. The option has an effect only on each item's own `.commit({ table })`.
#
# Seen 2026-11-28 with electrodb 3.9.3 on Node 20:
#   put          other
#   batch put    other
#   transaction  default
#   commit       other
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund electrodb@3.9.3
cat >probe.mjs <<'JS'
import { Entity, Service } from 'electrodb';

const visit = new Entity(
  {
    model: { entity: 'visit', version: '1', service: 'app' },
    attributes: { id: { type: 'string' } },
    indexes: { primary: { pk: { field: 'pk', composite: ['id'] } } },
  },
  { table: 'default' },
);
const service = new Service({ visit });
const item = { id: 'a' };
const table = 'other';
const [batch] = visit.put([item]).params({ table });
const written = (commit) =>
  service.transaction.write(({ visit }) => [visit.put(item).commit(commit)]).params({ table })
    .TransactItems[0].Put.TableName;
console.log('put         ', visit.put(item).params({ table }).TableName);
console.log('batch put   ', Object.keys(batch.RequestItems)[0]);
console.log('transaction ', written({}));
console.log('commit      ', written({ table }));
JS
node probe.mjs | tee seen.txt
diff seen.txt - <<'TXT'
put          other
batch put    other
transaction  default
commit       other
TXT
