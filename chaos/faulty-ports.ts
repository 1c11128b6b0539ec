import type { MetricSeries } from '../src/core/capacity/demand.ts';
import type { FailureCode } from '../src/core/failure.ts';
import { ServiceError } from '../src/core/failure.ts';
import type { Ports } from '../src/ports.ts';
import { type AwsErrorName, awsErrors, type Fault, INFLATION, type MetricsFault } from './faults.ts';
import type { Run } from './run.ts';

const codes: Readonly<Record<AwsErrorName, FailureCode>> = {
  ThrottlingException: 'throttled',
  LimitExceededException: 'limit-exceeded',
  ResourceInUseException: 'in-use',
  AccessDeniedException: 'access-denied',
  InternalServerError: 'unavailable',
};

/** The API operations for methods of the ports. A method that is not listed has its own name. */
const operations: Readonly<Record<string, string>> = {
  list: 'ListTables',
  describe: 'DescribeTable',
  tags: 'ListTagsOfResource',
  tag: 'TagResource',
  create: 'CreateTable',
  resize: 'UpdateTable',
  remove: 'DeleteTable',
  setTimeToLive: 'UpdateTimeToLive',
  setRecovery: 'UpdateContinuousBackups',
  addReplica: 'UpdateTable',
  removeReplica: 'UpdateTable',
  read: 'GetMetricData',
};

const backupOperations: Readonly<Record<string, string>> = {
  create: 'CreateBackup',
  list: 'ListBackups',
  listAll: 'ListBackups',
  describe: 'DescribeBackup',
  restore: 'RestoreTableFromBackup',
};

const loadOperations: Readonly<Record<string, string>> = {
  start: 'StartBulkPutItems',
  describe: 'DescribeBulkOperation',
};

const itemOperations: Readonly<Record<string, string>> = {
  count: 'Scan',
  sample: 'Scan',
  withKeys: 'BatchGetItem',
};

const exportOperations: Readonly<Record<string, string>> = {
  start: 'ExportTableToPointInTime',
  list: 'ListExports',
  describe: 'DescribeExport',
};

const SDK_TIMEOUT_MS = 8_000;
/** For a dead process: nothing that it awaits ever settles. */
const never = <T>(): Promise<T> => new Promise<T>(() => {});
const unavailable = (message: string): ServiceError => new ServiceError('unavailable', message);

/**
 * Ports with the faults and the crash of a run. `onCrash` is called when the process dies. Afterwards, nothing that the
 * process awaits ever settles, so that none of its error handlers runs.
 */
export function faultyPorts(ports: Ports, run: Run, onCrash: () => void): Ports {
  let dead = false;
  let wrongDateMs: number | undefined;
  const { clock } = ports;

  async function call<T>(operation: string, resource: string, perform: () => Promise<T>): Promise<T> {
    if (dead) return never();
    run.calls += 1;
    if (run.calls === run.crash?.atCall) {
      dead = true;
      if (run.crash.performed) await perform().catch(() => undefined);
      onCrash();
      return never();
    }
    const fault = run.faults.faultFor({ operation, resource });
    const answer = await (fault ? inject(fault, perform) : perform()).catch((error: unknown) => {
      if (dead) return never<T>();
      throw error;
    });
    return dead ? never() : answer;
  }

  async function inject<T>(fault: Fault, perform: () => Promise<T>): Promise<T> {
    switch (fault.kind) {
      case 'error':
        throw new ServiceError(codes[fault.error], awsErrors[fault.error]);
      case 'request-dropped':
        throw unavailable('socket hang up');
      case 'no-response':
        await clock.sleep(SDK_TIMEOUT_MS);
        throw unavailable('No response');
      case 'response-stalled':
        await perform();
        await clock.sleep(SDK_TIMEOUT_MS);
        throw unavailable('No complete response');
      case 'response-dropped':
      case 'response-cut':
        await perform();
        throw unavailable('aborted');
      case 'duplicated':
        await perform().catch(() => undefined);
        return perform();
      case 'delayed':
        await clock.sleep(fault.delayMs);
        return perform();
      case 'wrong-date':
        wrongDateMs = fault.byMs;
        return perform();
      case 'half-page':
        return firstHalf((await perform()) as readonly unknown[]) as T;
      case 'metrics':
        return (await perform().then((series) => (series as MetricSeries[]).map(corrupt(fault.how)))) as T;
    }
  }

  const wrap = <P extends object>(port: P, prefix: string, names = operations): P =>
    new Proxy(port, {
      get: (target, property: string) => {
        const method = target[property as keyof P] as (...args: readonly unknown[]) => Promise<unknown>;
        const operation = names[property] ?? `${prefix}${property}`;
        return (...args: readonly unknown[]) =>
          call(operation, resourceOf(args), () => method.apply(target, args as []));
      },
    });

  const metricsOf = ({ metrics }: Pick<Ports, 'metrics'>): Ports['metrics'] => ({
    read: (queries, from, to, stepMs) =>
      call('GetMetricData', 'metrics', () => metrics.read(queries, from, to, stepMs)).catch(
        // The port reports a failed call as an error of each query.
        (error: unknown) => queries.map(() => ({ error: (error as Error).message })),
      ),
  });

  return {
    ...ports,
    inRegion: (region) => {
      const there = ports.inRegion(region);
      return { tables: wrap(there.tables, ''), metrics: metricsOf(there) };
    },
    tables: wrap(ports.tables, ''),
    backups: wrap(ports.backups, '', backupOperations),
    exports: wrap(ports.exports, '', exportOperations),
    ...(ports.archive && { archive: wrap(ports.archive, 's3.', { read: 'GetObject' }) }),
    ...(ports.loads && { loads: wrap(ports.loads, '', loadOperations) }),
    ...(ports.items && { items: wrap(ports.items, '', itemOperations) }),
    ...(ports.mappings && { mappings: wrap(ports.mappings, 'lambda.', {}) }),
    state: wrap(ports.state, 'state.'),
    ...(ports.notices && { notices: wrap(ports.notices, 'sns.', { publish: 'Publish' }) }),
    metrics: metricsOf(ports),
    clock: {
      now: () => clock.now() + run.skewMs,
      aheadMs: () => {
        const right = [run.skewMs, run.skewMs];
        return wrongDateMs === undefined ? right : [...right, run.skewMs - wrongDateMs];
      },
      sleep: (ms, until) => clock.sleep(ms, until),
    },
  };
}

const firstHalf = <T>(page: readonly T[]): readonly T[] => page.slice(0, page.length >> 1);

function corrupt(how: MetricsFault) {
  return (series: MetricSeries, place: number): MetricSeries => {
    if ('error' in series) return series;
    const points = [...series.sums];
    switch (how) {
      case 'zeros':
        return { sums: new Map(points.map(([minute]) => [minute, 0])) };
      case 'inflated':
        return { sums: new Map(points.map(([minute, sum]) => [minute, sum * INFLATION])) };
      case 'gaps':
        return { sums: new Map(points.filter((_, i) => i % 3 !== 0)) };
      case 'missing':
        return { sums: new Map() };
      case 'partial':
        return { error: 'CloudWatch answered PartialData' };
      case 'internal-error':
        return place % 2 === 0 ? { error: 'CloudWatch answered InternalError' } : series;
    }
  };
}

/** The table or the other resource of a port's call, from its first argument. */
export function resourceOf([first]: readonly unknown[]): string {
  if (typeof first === 'string') return first.slice(first.indexOf('/') + 1);
  const { TableName, table, job } = (first ?? {}) as { TableName?: string; table?: string; job?: string };
  return TableName ?? table ?? job ?? '';
}
