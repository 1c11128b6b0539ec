import { DAY_MS } from '../src/core/calendar/period.ts';
import type { Config } from '../src/core/spec.ts';
import type { Ledger } from './ledger.ts';
import { Random } from './random.ts';
import type { Run } from './run.ts';
import type { System } from './system.ts';

const UNUSABLE = 'INACCESSIBLE_ENCRYPTION_CREDENTIALS';
const HEALTH_URL = 'https://health.example.com/';

/** What a history lets happen to the events of this file. */
interface Stage {
  readonly system: System;
  readonly ledger: Ledger;
  /** A run of a job now, without faults. */
  runOf(job: Run['job']): Run;
  execute(run: Run): Promise<unknown>;
  happened(what: string, about: string): void;
}

/**
 * What makes a change unwise although nothing fails: an expired table that DynamoDB cannot use, and a service that reports itself
 * unhealthy. One history in four has these events, with their own randomness, so that the others stay as they are.
 */
export class Unfit {
  readonly #random: Random;
  readonly #stage: Stage;
  readonly #plays: boolean;
  #unusable: string | undefined;

  constructor(seed: string, stage: Stage) {
    this.#random = new Random(seed, 'unfit');
    this.#stage = stage;
    this.#plays = this.#random.chance(0.25) && stage.system.embedded !== true;
  }

  async step(config: Config): Promise<void> {
    if (!this.#plays) return;
    if (this.#random.chance(0.3)) this.#unusable === undefined ? await this.#disableKey(config) : this.end();
    if (this.#random.chance(0.2)) await this.#fallIll(config);
  }

  /** Everything can be used again. */
  end(): void {
    if (this.#unusable === undefined) return;
    this.#stage.system.byHand?.impair(this.#unusable, undefined);
    const known = this.#stage.ledger.tables.get(this.#unusable);
    if (known) known.unusable = false;
    this.#unusable = undefined;
  }

  /** An operator disables the key of an expired table, and purge runs when its deletion is due. */
  async #disableKey(config: Config): Promise<void> {
    const { system, ledger } = this.#stage;
    const expired = ledger.expired(config, system.now()).filter((name) => ledger.scheduled.has(name));
    if (!system.byHand || expired.length === 0) return;
    const table = this.#random.pick(expired);
    system.byHand.impair(table, UNUSABLE);
    ledger.tables.get(table)!.unusable = true;
    this.#unusable = table;
    this.#stage.happened('unusable table', table);
    await system.pass(DAY_MS / 2);
    await this.#stage.execute(this.#stage.runOf('purge'));
  }

  /** A run while the health page of the service fails. */
  async #fallIll(config: Config): Promise<void> {
    const run = this.#stage.runOf(this.#random.pick(['scale', 'rotate'] as const));
    const specs = config.specs.map((spec) => ({
      ...spec,
      settings: { ...spec.settings, healthUrl: HEALTH_URL },
    }));
    this.#stage.happened('unhealthy service', run.job);
    await this.#stage.execute({ ...run, config: { ...config, specs }, unhealthy: true });
  }
}
