/** Restore drills. A run takes each drill as far as it can, and the next run continues. */
import pMap from 'p-map';
import type { Archive } from '../core/archives.ts';
import { iso } from '../core/calendar/instant.ts';
import { chooseDrills, dueGroups, type Records, type ToBegin } from '../core/drilling/choose.ts';
import { storageUsd } from '../core/drilling/cost.ts';
import { endedEntry, skippedEntry } from '../core/drilling/entries.ts';
import { scratchName } from '../core/drilling/name.ts';
import {
  type Drill,
  type DrillRecord,
  drillFrom,
  isExport,
  monthOf,
  storableDrill,
} from '../core/drilling/record.ts';
import { nextStep } from '../core/drilling/step.ts';
import type { Verdict } from '../core/drilling/verdict.ts';
import type { TableState } from '../core/facts.ts';
import { isFailure, messageOf, ServiceError } from '../core/failure.ts';
import { inForce } from '../core/guards/closing.ts';
import type { DrillEntry } from '../core/history/entry.ts';
import { storableEntries } from '../core/history/stored.ts';
import { type Measurement, measured } from '../core/metrics/measurement.ts';
import type { Config } from '../core/spec.ts';
import { plural } from '../core/text.ts';
import { createdFor, loadOn, scratchInput, sourcesOf } from './drill-archive.ts';
import { compare, countOn, type DrillPorts } from './drill-compare.ts';
import { removeLeftovers, removeScratch, tagScratch } from './drill-scratch.ts';
import { sayHeld, withLease } from './lease.ts';
import { notify } from './notify.ts';
import { passes } from './retry.ts';
import { LONGEST_RUN_MS } from './run-times.ts';

export type { DrillPorts } from './drill-compare.ts';

/** What a run of drills did. */
export interface DrillSummary {
  readonly job: 'drill';
  readonly environment: string;
  /** ISO 8601. */
  readonly at: string;
  /** `failed`: something could not be done. A drill that ends with a failure is no failed run. */
  readonly outcome: 'done' | 'failed' | 'skipped';
  readonly message: string;
  /** The drills that ended or were skipped. */
  readonly ended: readonly DrillEntry[];
  /** The groups whose drills are not over. */
  readonly open: readonly string[];
}

export interface DrillRunOptions {
  /** The owner of the lease, unique for each invocation. */
  readonly owner: string;
  /** When the process ends, epoch milliseconds of the wall clock. */
  readonly end?: number;
  /** Only the drill of this group, which begins only with `begin`. Default: those of the month. */
  readonly only?: string;
  readonly begin?: ToBegin;
  /** Gets the metrics of a run of all drills. */
  readonly report?: (measurements: readonly Measurement[]) => void;
}

/** The valid records, by group. */
export async function readRecords({ state }: Pick<DrillPorts, 'state'>): Promise<Map<string, DrillRecord>> {
  const texts = [...(await state.drills())];
  return new Map(
    texts.flatMap(([group, text]): [string, DrillRecord][] => {
      const record = drillFrom(text);
      return record ? [[group, record]] : [];
    }),
  );
}

/** Begins the drills that are due, and continues those that are not over. @throws ServiceError */
export async function runDrills(
  config: Config,
  ports: DrillPorts,
  options: DrillRunOptions,
): Promise<DrillSummary> {
  const { clock } = ports;
  const { owner, end = clock.now() + LONGEST_RUN_MS } = options;
  const base = { job: 'drill', environment: config.environment, at: iso(clock.now()) } as const;
  const answer = await withLease(ports, { job: 'drill', owner }, end, async ({ deadline }) => {
    const run = new Run(config, ports, await readRecords(ports), deadline);
    const { only, begin } = options;
    await run.advance(only);
    if (begin) await run.begin(begin);
    if (only === undefined) await run.beginDue().catch(run.troubled('Drills could not begin'));
    await run.record();
    options.report?.(run.measurements());
    return run;
  });
  if (!answer.granted)
    return { ...base, outcome: 'skipped', message: sayHeld('drill', answer), ended: [], open: [] };
  const { ended, troubles, records } = answer.value;
  const open = [...records].filter(([, { drill }]) => drill).map(([group]) => group);
  const all = [...troubles, ...(answer.unreleased ? [answer.unreleased] : [])];
  const counts = `${plural(ended.length, 'drill')} ended or skipped, ${open.length} not over.`;
  const message = [counts, ...all].join(' ');
  return { ...base, outcome: troubles.length > 0 ? 'failed' : 'done', message, ended, open };
}

const AT_ONCE = 5;

class Run {
  readonly ended: DrillEntry[] = [];
  /** What could not be done. The next run tries again. */
  readonly troubles: string[] = [];
  readonly records: Map<string, DrillRecord>;
  readonly #config: Config;
  readonly #ports: DrillPorts;
  readonly #deadline: number;

  constructor(config: Config, ports: DrillPorts, records: Records, deadline: number) {
    this.#config = config;
    this.#ports = ports;
    this.records = new Map(records);
    this.#deadline = deadline;
  }

  /** Takes every drill that is not over as far as it goes. */
  async advance(only?: string): Promise<void> {
    const open = [...this.records].filter(
      ([group, { drill }]) => drill && (only === undefined || group === only),
    );
    await pMap(open, ([group]) => this.#attempt(group), { concurrency: AT_ONCE });
  }

  async #attempt(group: string): Promise<void> {
    try {
      while (this.#ports.clock.now() < this.#deadline && (await this.#step(group)));
    } catch (error) {
      this.troubled(`The drill of ${group} could not continue`)(error);
    }
  }

  /** What could not be done is said, and does not keep a run from recording the rest. */
  troubled(what: string): (error: unknown) => void {
    return (error) => void this.troubles.push(`${what}: ${messageOf(error)}`);
  }

  /** Begins the drills of this month that have not begun, and remembers those that are skipped. */
  async beginDue(): Promise<void> {
    const { clock, state } = this.#ports;
    const due = dueGroups(this.#config, this.records, clock.now());
    if (due.length === 0) return;
    // What is about to be torn down is not drilled.
    if (inForce(await state.closing(), this.#config, clock.now())) return;
    await this.#removeLeftovers();
    const { sources, unread } = await sourcesOf(due, this.#config, this.#ports);
    for (const [{ name }, error] of unread) this.troubled(`Could not read the exports of ${name}`)(error);
    const known = due.filter((spec) => !unread.has(spec));
    const all = { records: this.records, sources };
    const { begin, skip } = chooseDrills(known, { ...all, config: this.#config, now: clock.now() });
    for (const skipped of skip) {
      const now = clock.now();
      const { last } = this.records.get(skipped.spec.name) ?? {};
      await this.#save(skipped.spec.name, {
        ...{ month: monthOf(now), usd: this.#spent(skipped.spec.name, now) },
        ...(last && { last }),
        unrecorded: skippedEntry(skipped, now),
      });
    }
    await pMap(begin, (one) => this.begin(one), { concurrency: AT_ONCE });
  }

  /** What the drills of a group have cost this month. */
  #spent(group: string, now: number): number {
    const record = this.records.get(group);
    return record?.month === monthOf(now) ? record.usd : 0;
  }

  /** Remembers a drill before its restore starts, so that a later run knows of the scratch table, and starts it. */
  async begin({ spec, backup, usd }: ToBegin): Promise<void> {
    const now = this.#ports.clock.now();
    const group = spec.name;
    const { drill, last } = this.records.get(group) ?? {};
    if (drill) return;
    const { arn, name, table, tableId, createdAt, sizeBytes, archive } = backup;
    const source = { arn, name, table, tableId, createdAt, sizeBytes, ...(archive && { archive }) };
    await this.#save(group, {
      ...{ month: monthOf(now), usd: this.#spent(group, now) + usd },
      ...(last && { last }),
      drill: { begunAt: now, usd, backup: source },
    });
    await this.#attempt(group);
  }

  async #removeLeftovers(): Promise<void> {
    const { environment } = this.#config;
    const open = [...this.records].filter(([, { drill }]) => drill);
    const known = new Set(open.map(([group]) => scratchName(environment, group)));
    this.troubles.push(...(await removeLeftovers(environment, known, this.#ports)));
  }

  /** One step of a drill. Returns whether another one can follow at once. */
  async #step(group: string): Promise<boolean> {
    const record = this.records.get(group);
    const drill = record?.drill;
    if (!drill) return false;
    const { tables, clock } = this.#ports;
    const { environment } = this.#config;
    const name = scratchName(environment, group);
    const found = await tables.describe(name);
    const { archive } = drill.backup;
    const scratch = found && archive ? await createdFor(drill, archive, group, found, this.#ports) : found;
    const step = nextStep(drill, scratch, clock.now());
    switch (step.kind) {
      case 'wait':
        await this.#seen(group, drill, step.scratch);
        return false;
      case 'restore':
        return this.#restore(group, drill, name);
      case 'give-up':
        return this.#update(group, { ...drill, verdict: step.verdict });
      case 'compare':
        return this.#compare(group, drill, step.scratch);
      case 'delete': {
        await tagScratch(step.scratch, { environment, group }, this.#ports);
        const left = await removeScratch(step.scratch, environment, this.#ports);
        if (left !== undefined) this.troubles.push(left);
        return false;
      }
      case 'finish':
        await this.#finish(group, record, drill);
        return false;
    }
  }

  async #restore(group: string, drill: Drill, name: string): Promise<boolean> {
    const { archive } = drill.backup;
    try {
      if (archive) return await this.#create(group, drill, archive, name);
      await this.#ports.backups.restore(drill.backup.arn, name, 'onDemand');
      return false;
    } catch (error) {
      // An earlier try without an answer might have started it, and too many restores end by themselves.
      if (isFailure(error, 'in-use') || isFailure(error, 'limit-exceeded')) return false;
      if (!(error instanceof ServiceError) || passes(error)) throw error;
      const message = `DynamoDB rejected the restore: ${error.message}`;
      return this.#update(group, { ...drill, verdict: failed(message) });
    }
  }

  async #create(group: string, drill: Drill, archive: Archive, name: string): Promise<boolean> {
    const spec = this.#config.specs.find((one) => one.name === group);
    const input = scratchInput(name, archive, drill.backup, spec, this.#ports.clock.now());
    if (!input)
      return this.#update(group, {
        ...drill,
        verdict: failed(`The configuration has no table ${drill.backup.table} any more.`),
      });
    await this.#ports.tables.create(input);
    return false;
  }

  /** Remembers which table the restore creates. */
  async #seen(group: string, drill: Drill, { id, status }: TableState): Promise<void> {
    if (status === 'CREATING' && drill.tableId === undefined)
      await this.#update(group, { ...drill, tableId: id });
  }

  async #compare(group: string, drill: Drill, scratch: TableState): Promise<boolean> {
    const { environment, specs } = this.#config;
    await tagScratch(scratch, { environment, group }, this.#ports);
    const { archive } = drill.backup;
    if (archive && drill.restoredAt === undefined) {
      const step = await loadOn(drill, archive, scratch, this.#ports);
      if (step !== 'loaded') {
        const known = { ...drill, tableId: scratch.id };
        if ('outcome' in step) return this.#update(group, { ...known, verdict: step });
        if (drill.load !== step.load) await this.#update(group, { ...known, load: step.load });
        return false;
      }
    }
    const seen = {
      ...drill,
      tableId: scratch.id,
      restoredAt: drill.restoredAt ?? this.#ports.clock.now(),
    };
    if (drill.restoredAt === undefined) await this.#update(group, seen);
    const counted = await countOn(seen, scratch.name, this.#ports, this.#deadline);
    await this.#update(group, { ...seen, counted });
    if (counted.next !== undefined) return false;
    const spec = specs.find((one) => one.name === group);
    const verdict = await compare(seen, scratch, counted.items, spec, this.#ports);
    return this.#update(group, { ...seen, counted, verdict });
  }

  async #finish(group: string, record: DrillRecord, drill: Drill): Promise<void> {
    const { environment, prices } = this.#config;
    const now = this.#ports.clock.now();
    const verdict = drill.verdict ?? failed('It has no verdict.');
    const { backup, tableId, restoredAt } = drill;
    const storage = restoredAt === undefined ? 0 : storageUsd(backup.sizeBytes, now - restoredAt, prices);
    // Without a table, AWS has restored nothing.
    const usd = tableId === undefined ? 0 : drill.usd + storage;
    const entry = endedEntry({ environment, group }, drill, verdict, usd, now);
    await this.#save(group, {
      month: record.month,
      usd: Math.max(0, record.usd - drill.usd + usd),
      last: { outcome: verdict.outcome, at: now, message: entry.message, isExport: isExport(backup) },
      unrecorded: entry,
    });
  }

  async #update(group: string, drill: Drill): Promise<true> {
    const record = this.records.get(group);
    if (record) await this.#save(group, { ...record, drill });
    return true;
  }

  async #save(group: string, record: DrillRecord): Promise<void> {
    await this.#ports.state.rememberDrill(group, storableDrill(record));
    this.records.set(group, record);
  }

  /**
   * Adds what ended to the history, and tells people. An entry has the same key in every run, so that a run that dies in between is
   * no reason for a second one.
   */
  async record(): Promise<void> {
    const { state, clock } = this.#ports;
    const { environment, historyMs, notices } = this.#config;
    const waiting = [...this.records].flatMap(([group, record]) =>
      record.unrecorded ? [{ group, record, entry: record.unrecorded }] : [],
    );
    if (waiting.length === 0) return;
    await state.recordHistory(
      waiting.flatMap(({ group, entry }) => storableEntries([entry], `drill ${group}`, historyMs)),
    );
    const entries = waiting.map(({ entry }) => entry);
    const news = entries.filter(({ kind }) => notices.includes(kind)).map((entry) => ({ entry }));
    const about = { environment, job: 'drill', at: clock.now() } as const;
    const { remark } = await notify(news, () => false, about, this.#ports);
    if (remark !== undefined) this.troubles.push(remark);
    for (const {
      group,
      record: { unrecorded: _, ...rest },
    } of waiting)
      await this.#save(group, rest);
    this.ended.push(...entries);
  }

  measurements(): Measurement[] {
    const drilled = this.#config.specs.filter(({ settings }) => settings.drill.enabled);
    const failing = drilled.filter(({ name }) => this.records.get(name)?.last?.outcome === 'failed');
    return measured('DrillsFailing', failing.length);
  }
}

const failed = (message: string): Verdict => ({ outcome: 'failed', reason: 'restore-failed', message });
