import { type DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
const NAMES_PER_PAGE = 100;
const CONCURRENT_RANGES = 16;

/** Names after one name, up to and with another; undefined: from the first one, or to the last one. */
interface Range {
  readonly after?: string;
  readonly until?: string;
}

/** DynamoDB returned names in another order than by name, which its documentation does not promise. */
class Unordered extends Error {}

/** What this process has listed last, by region. A function creates its clients for each run. */
const listedBefore = new Map<string, readonly string[]>();

/**
 * Lists all tables, in pages that follow each other. A process that has listed thousands of tables before knows where to begin
 * several ranges at once. The ranges have no gap, whatever has changed meanwhile. If DynamoDB does not return names in their order, the pages
 * are read one after the other. @throws what the SDK throws
 */
export async function listTables(client: DynamoDBClient): Promise<string[]> {
  const region = await client.config.region();
  const ranges = rangesOf(listedBefore.get(region) ?? []);
  const names = await listRanges(client, ranges).catch((error: unknown) => {
    if (error instanceof Unordered) return listRange(client, {}, false);
    throw error;
  });
  listedBefore.set(region, names);
  return names;
}

/** Each range has as many whole pages as the others. */
function rangesOf(names: readonly string[]): Range[] {
  const pages = Math.ceil(names.length / NAMES_PER_PAGE);
  const step = Math.ceil(pages / CONCURRENT_RANGES) * NAMES_PER_PAGE;
  const bounds = names.filter((_, i) => (i + 1) % step === 0 && i + 1 < names.length);
  return [...bounds, undefined].map((until, i) => {
    const after = bounds[i - 1];
    return { ...(after !== undefined && { after }), ...(until !== undefined && { until }) };
  });
}

const listRanges = async (client: DynamoDBClient, ranges: readonly Range[]): Promise<string[]> =>
  (
    await pMap(ranges, (range) => listRange(client, range, ranges.length > 1), {
      concurrency: CONCURRENT_RANGES,
    })
  ).flat();

async function listRange(
  client: DynamoDBClient,
  { after, until }: Range,
  ordered: boolean,
): Promise<string[]> {
  const names: string[] = [];
  let start = after;
  do {
    const page = await client.send(
      new ListTablesCommand({ Limit: NAMES_PER_PAGE, ExclusiveStartTableName: start }),
    );
    const { TableNames = [], LastEvaluatedTableName: last } = page;
    if (ordered) rejectUnordered([...(start === undefined ? [] : [start]), ...TableNames]);
    names.push(...TableNames);
    start = last;
  } while (start !== undefined && (until === undefined || start < until));
  return until === undefined ? names : names.filter((name) => name <= until);
}

function rejectUnordered(names: readonly string[]): void {
  if (names.some((name, i) => i > 0 && name <= names[i - 1]!)) throw new Unordered();
}
