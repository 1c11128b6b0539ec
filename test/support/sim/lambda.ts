import { SECOND_MS } from '../../../src/core/calendar/period.ts';
import type { EventSourceMapping } from '../../../src/core/facts.ts';
import { ServiceError } from '../../../src/core/failure.ts';
import { placeOf } from '../../../src/core/streams.ts';
import type { Clock, MappingClient } from '../../../src/ports.ts';

/** How long a change of a mapping takes. */
const CHANGE_MS = 20 * SECOND_MS;

interface Mapping {
  readonly id: string;
  readonly function: string;
  readonly source: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The state until the change ends, and the one after it. undefined: the mapping is gone. */
  during: string;
  after: string | undefined;
  reason: string;
  changedAt: number;
  lastResult: string;
}

/** `visits` of any form of a function's name: `visits`, `visits:live`, `arn:…:function:visits:live`. */
const baseName = (name: string): string => name.replace(/^.*:function:/, '').replace(/:.*$/, '');

/** Lambda reaches no function of another Region. */
const isInOtherRegion = (name: string): boolean => (placeOf(name)?.region ?? 'us-east-1') !== 'us-east-1';

function rejectOtherAccount(name: string): void {
  if (isInOtherRegion(name) || (placeOf(name)?.account ?? '000000000000') === '000000000000') return;
  throw new ServiceError('access-denied', `No resource-based policy of ${name} allows the action`);
}

/** Lambda's event source mappings in memory. A function exists unless it is `absent`. It delivers no records. */
export class SimLambda implements MappingClient {
  /** Called before every change, with the operation and the function. If it throws, the call fails with that error. */
  onCall: (operation: string, functionName: string) => void = () => {};
  /** Called before every list. */
  onList: (functionName: string) => void = () => {};
  readonly #mappings = new Map<string, Mapping>();
  readonly #clock: Clock;
  /** The same in every run of the same history, unlike real ones. */
  #ids = 0;
  readonly #absent: ReadonlySet<string>;
  readonly #streamExists: (arn: string) => boolean;

  constructor(clock: Clock, absent: ReadonlySet<string>, streamExists: (arn: string) => boolean) {
    this.#clock = clock;
    this.#absent = absent;
    this.#streamExists = streamExists;
  }

  async list(functionName: string): Promise<EventSourceMapping[] | undefined> {
    this.onList(functionName);
    if (this.#absent.has(baseName(functionName)) || isInOtherRegion(functionName)) return undefined;
    rejectOtherAccount(functionName);
    return this.all(functionName);
  }

  /** All mappings of a function, also if the function no longer exists. */
  all(functionName: string): EventSourceMapping[] {
    this.#settle();
    return [...this.#mappings.values()]
      .filter((one) => one.function === functionName)
      .map((one) => this.#described(one));
  }

  async describe(id: string): Promise<EventSourceMapping | undefined> {
    this.#settle();
    const mapping = this.#mappings.get(id);
    return mapping && this.#described(mapping);
  }

  async create(
    functionName: string,
    source: string,
    settings: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    this.onCall('CreateEventSourceMapping', functionName);
    rejectOtherAccount(functionName);
    if (this.#absent.has(baseName(functionName)) || isInOtherRegion(functionName))
      throw new ServiceError('refused', `Function not found: ${functionName}`);
    if (!this.#streamExists(source)) throw new ServiceError('not-found', `Stream not found: ${source}`);
    const twin = this.all(functionName).find((one) => one.source === source);
    if (twin)
      throw new ServiceError(
        'in-use',
        `The event source arn ("${source}") and function ("${functionName}") provided mapping already exists. Please update or delete the existing mapping with UUID ${twin.id}`,
      );
    this.#ids += 1;
    const id = `mapping-${this.#ids}`;
    const changedAt = this.#clock.now();
    const lastResult = 'No records processed';
    const all = {
      id,
      function: functionName,
      source,
      settings,
      changedAt,
      reason: 'User action',
      lastResult,
    };
    this.#mappings.set(id, { ...all, during: 'Creating', after: 'Enabled' });
  }

  async remove(id: string): Promise<void> {
    this.#settle();
    const mapping = this.#mappings.get(id);
    if (!mapping) throw new ServiceError('not-found', 'The resource you requested does not exist.');
    this.onCall('DeleteEventSourceMapping', mapping.function);
    this.#change(mapping, 'Deleting', undefined);
  }

  /** Disables a mapping, or enables it again, as a person or Lambda does. */
  enable(id: string, enabled: boolean, reason = 'User action'): void {
    this.#settle();
    const [during, after] = enabled ? ['Enabling', 'Enabled'] : ['Disabling', 'Disabled'];
    this.#change(this.#mappings.get(id)!, during!, after, reason);
  }

  /** As if the function had got changes, with this result. */
  deliver(id: string, lastResult: string): void {
    this.#mappings.get(id)!.lastResult = lastResult;
  }

  /** Keeps a mapping in a state, as if the change that is under way did not end. */
  keep(id: string, state: string): void {
    Object.assign(this.#mappings.get(id)!, { during: state, after: state, changedAt: this.#clock.now() });
  }

  #change(mapping: Mapping, during: string, after: string | undefined, reason = 'User action'): void {
    if (this.#isChanging(mapping))
      throw new ServiceError('in-use', 'Cannot update the event source mapping because it is in use.');
    Object.assign(mapping, { during, after, reason, changedAt: this.#clock.now() });
  }

  #isChanging = ({ changedAt }: Mapping): boolean => this.#clock.now() < changedAt + CHANGE_MS;

  #settle(): void {
    for (const [id, mapping] of this.#mappings)
      if (mapping.after === undefined && !this.#isChanging(mapping)) this.#mappings.delete(id);
  }

  #described(mapping: Mapping): EventSourceMapping {
    const { id, source, during, after, reason, changedAt, lastResult, settings } = mapping;
    const state = this.#isChanging(mapping) ? during : after!;
    return { id, source, state, stateReason: reason, changedAt, lastResult, settings };
  }
}
