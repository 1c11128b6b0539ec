/** What people read if an endpoint answers with an error that says little, over the SDK. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { awsClients } from '../../src/aws/clients.ts';
import { lateSns } from '../../src/aws/late-clients.ts';
import { awsLoads } from '../../src/aws/loads.ts';
import { awsNotices } from '../../src/aws/notices.ts';
import type { CreateTable } from '../../src/core/plan.ts';
import { awsPorts } from '../../src/runtime.ts';

let answer: readonly [status: number, body: string] = [200, '{}'];
const server = createServer((_, response) => {
  const [status, body] = answer;
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'x');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
  server.closeAllConnections();
});

const unknown = '{"__type":"com.amazon.coral.service#UnknownOperationException"}';

it.each<[string, number, string, string, string]>([
  [
    'does not know the operation',
    400,
    unknown,
    'refused',
    'The endpoint does not know the operation CreateBackup (UnknownOperationException, HTTP 400). Check AWS_ENDPOINT_URL.',
  ],
  [
    'does not know the operation and says more',
    400,
    unknown.replace('}', ',"message":"Not in this edition."}'),
    'refused',
    'The endpoint does not know the operation CreateBackup (UnknownOperationException, HTTP 400). Check AWS_ENDPOINT_URL. Not in this edition.',
  ],
  [
    'names only a code',
    400,
    '{"__type":"x#TableInUseException"}',
    'in-use',
    'CreateBackup failed (TableInUseException, HTTP 400), and the answer gives no reason.',
  ],
  [
    'names a new code',
    400,
    '{"__type":"x#NewException","message":"Something new."}',
    'unavailable',
    'CreateBackup failed: Something new. (NewException, HTTP 400)',
  ],
  [
    'has nothing but a status',
    403,
    '{}',
    'access-denied',
    'CreateBackup failed (HTTP 403), and the answer gives no reason.',
  ],
  [
    'is the page of a proxy',
    404,
    '<html>No such page.</html>',
    'unavailable',
    'CreateBackup got an answer that cannot be read (HTTP 404). If this happens again, check AWS_ENDPOINT_URL and proxies.',
  ],
  [
    'is half of an answer',
    200,
    '{"BackupDetails":',
    'unavailable',
    'CreateBackup got an answer that cannot be read (HTTP 200). If this happens again, check AWS_ENDPOINT_URL and proxies.',
  ],
])('names operation, code and status if the endpoint %s', async (_, status, body, code, message) => {
  answer = [status, body];
  await expect(awsPorts('production').backups.create('Events', 'last')).rejects.toMatchObject({
    code,
    message,
  });
});

it('names the operation for CloudWatch too', async () => {
  answer = [400, unknown];
  const query = { metric: 'ConsumedReadCapacityUnits', table: 'Events' };
  expect(await awsPorts('production').metrics.read([query], 0, 60_000)).toEqual([
    {
      error:
        'The endpoint does not know the operation GetMetricData (UnknownOperationException, HTTP 400). Check AWS_ENDPOINT_URL.',
    },
  ]);
});

const CHECK = 'If this happens again, check AWS_ENDPOINT_URL and proxies.';
const { tables, backups, exports, metrics, state } = awsPorts('production');
const loads = awsLoads(() => awsClients().dynamodb);
const topic = () => awsNotices('arn:aws:sns:eu-west-1:123456789012:Alarms', lateSns);
const create = { TableName: 'Events' } as CreateTable;
const request = { token: 'a', bucket: 'b', prefix: 'c', format: 'DYNAMODB_JSON' } as const;
const lease = { job: 'scale', owner: 'a' } as const;
const table = {
  TableName: 'Events',
  TableArn: 'arn',
  TableId: 'id',
  CreationDateTime: 1,
  KeySchema: [],
  ProvisionedThroughput: {},
};

it.each<[string, () => Promise<unknown>, string, string]>([
  ['ListTables', () => tables.list(), '', 'an empty answer'],
  ['ListTables', () => tables.list(), '{}', 'an answer without TableNames'],
  ['DescribeTable', () => tables.describe('Events'), '', 'an empty answer'],
  ['DescribeTable', () => tables.describe('Events'), '{}', 'an answer without Table.TableName'],
  [
    'DescribeTable',
    () => tables.describe('Events'),
    JSON.stringify({ Table: table }),
    'an answer without Table.TableStatus',
  ],
  ['DescribeLimits', () => tables.limits(), '{}', 'an answer without AccountMaxReadCapacityUnits'],
  ['ListTagsOfResource', () => tables.tags('arn'), '{}', 'an answer without Tags'],
  ['CreateTable', () => tables.create(create), '{}', 'an answer without TableDescription'],
  ['UpdateTable', () => tables.protect('Events', true), '', 'an empty answer'],
  ['DeleteTable', () => tables.remove('Events'), '{}', 'an answer without TableDescription'],
  [
    'DescribeTimeToLive',
    () => tables.timeToLive('Events'),
    '{}',
    'an answer without TimeToLiveDescription.TimeToLiveStatus',
  ],
  [
    'UpdateTimeToLive',
    () => tables.setTimeToLive('Events', 'a', true),
    '{}',
    'an answer without TimeToLiveSpecification',
  ],
  [
    'DescribeContinuousBackups',
    () => tables.recovery('Events'),
    '{}',
    'an answer without ContinuousBackupsDescription.ContinuousBackupsStatus',
  ],
  [
    'UpdateContinuousBackups',
    () => tables.setRecovery('Events', { enabled: true }),
    '{}',
    'an answer without ContinuousBackupsDescription',
  ],
  ['ListBackups', () => backups.list('Events'), '{}', 'an answer without BackupSummaries'],
  ['CreateBackup', () => backups.create('Events', 'last'), '{}', 'an answer without BackupDetails'],
  [
    'DescribeBackup',
    () => backups.describe('arn'),
    '{}',
    'an answer without BackupDescription.BackupDetails',
  ],
  [
    'RestoreTableFromBackup',
    () => backups.restore('arn', 'Events'),
    '{}',
    'an answer without TableDescription',
  ],
  ['ListExports', () => exports.list('arn'), '{}', 'an answer without ExportSummaries'],
  ['DescribeExport', () => exports.describe('arn'), '{}', 'an answer without ExportDescription.ExportArn'],
  ['ExportTableToPointInTime', () => exports.start('arn', request), '', 'an empty answer'],
  [
    'StartBulkPutItems',
    () => loads.start('Events', { ...request, errorsPrefix: 'restore' }),
    '{}',
    'an answer without BulkOperationDescription.BulkOperationArn',
  ],
  [
    'DescribeBulkOperation',
    () => loads.describe('arn'),
    '{}',
    'an answer without BulkOperationDescription.BulkOperationStatus',
  ],
  ['Query', () => state.suspensions(), '{}', 'an answer without Items'],
  ['Query', () => state.scheduledDeletions(), '', 'an empty answer'],
  ['PutItem', () => state.acquire(lease, 0, 1), '', 'an empty answer'],
  ['PutItem', () => state.remember('Events', '{}'), '', 'an empty answer'],
  ['DeleteItem', () => state.cancelDeletion('Events'), '', 'an empty answer'],
  ['Publish', () => topic().publish({ subject: 'a', message: 'b', types: [] }), '', 'an empty answer'],
  [
    'Publish',
    () => topic().publish({ subject: 'a', message: 'b', types: [] }),
    '<PublishResponse><PublishResult/></PublishResponse>',
    'an answer without MessageId',
  ],
  [
    'Publish',
    () => topic().publish({ subject: 'a', message: 'b', types: [] }),
    '<PublishResponse><PublishResult><Mess',
    'an answer that cannot be read',
  ],
])('%s rejects an answer that lacks what AWS always sends: %#', async (operation, call, body, lack) => {
  answer = [200, body];
  await expect(call()).rejects.toMatchObject({
    code: 'unavailable',
    message: `${operation} got ${lack} (HTTP 200). ${CHECK}`,
  });
});

it.each([
  ['goes on', '', { status: 'IN_PROGRESS' }],
  ['has ended', ', "EndTime": 1795000000', { status: 'FAILED', failure: 'its status is PAUSED' }],
])('an export in an unknown status that %s is neither complete nor forgotten', async (_, ended, expected) => {
  answer = [
    200,
    `{"ExportDescription": {"ExportArn": "arn", "ExportStatus": "PAUSED", "ClientToken": "own"${ended}}}`,
  ];
  expect(await exports.describe('arn')).toMatchObject({ token: 'own', ...expected });
});

it('accepts answers that are empty by design', async () => {
  answer = [200, '{}'];
  await expect(state.acquire(lease, 0, 1)).resolves.toEqual({ granted: true });
  answer = [200, ''];
  await tables.tag('arn', {});
  answer = [200, '{"TableNames":[]}'];
  await expect(tables.list()).resolves.toEqual([]);
});

it.each<[string, string]>([
  ['', `GetMetricData got an empty answer (HTTP 200). ${CHECK}`],
  ['{}', `GetMetricData got an answer without MetricDataResults (HTTP 200). ${CHECK}`],
  ['{"MetricDataRes', `GetMetricData got an answer that cannot be read (HTTP 200). ${CHECK}`],
  [
    '{"MetricDataResults":[{"Id":"q0","StatusCode":"Complete"}]}',
    'GetMetricData got a result without Timestamps',
  ],
])('GetMetricData takes no incomplete answer for no demand: %s', async (body, error) => {
  answer = [200, body];
  const query = { metric: 'ConsumedReadCapacityUnits', table: 'Events' };
  expect(await metrics.read([query], 0, 60_000)).toEqual([{ error }]);
});

it.each<[string, string, string]>([
  ['NotFound', 'not-found', 'Publish failed: Topic does not exist (NotFoundException, HTTP 404)'],
  ['NewError', 'unavailable', 'Publish failed: Topic does not exist (NewError, HTTP 404)'],
])('names operation and code of an error of SNS: %s', async (type, code, message) => {
  const error = `<Error><Type>Sender</Type><Code>${type}</Code><Message>Topic does not exist</Message></Error>`;
  answer = [404, `<ErrorResponse>${error}<RequestId>a</RequestId></ErrorResponse>`];
  await expect(topic().publish({ subject: 'a', message: 'b', types: [] })).rejects.toMatchObject({
    code,
    message,
  });
});
