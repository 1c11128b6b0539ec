import { DAY_MS } from '../../../src/core/calendar/period.ts';
import type { TableState } from '../../../src/core/facts.ts';
import { ServiceError } from '../../../src/core/failure.ts';
import type { TableClass } from '../../../src/core/spec.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const TO_ON_DEMAND = { limit: 4, windowMs: DAY_MS };
const CLASS_CHANGES = { limit: 2, windowMs: 30 * DAY_MS };

const usedUp = (changes: readonly number[], now: number, { limit, windowMs }: typeof TO_ON_DEMAND): boolean =>
  changes.filter((at) => at > now - windowMs).length >= limit;

/** The billing mode of a simulated table. It can become on-demand four times in 24 hours, and provisioned at any time. */
export class SimBilling {
  #mode: TableState['billingMode'];
  #serving: TableState['billingMode'];
  readonly #toOnDemand: number[] = [];

  constructor(mode: TableState['billingMode'] = 'PROVISIONED') {
    this.#mode = mode;
    this.#serving = mode;
  }

  /** Whether demand is served on-demand. During a switch, the old mode is effective. */
  get servesOnDemand(): boolean {
    return this.#serving === 'PAY_PER_REQUEST';
  }

  /** Completes a switch. */
  settle(): void {
    this.#serving = this.#mode;
  }

  get state(): Pick<TableState, 'billingMode' | 'onDemandSince'> {
    return { billingMode: this.#mode, onDemandSince: this.#toOnDemand.at(-1) };
  }

  /** @throws ServiceError */
  change(to: TableState['billingMode'], now: number): void {
    if (to === this.#mode) throw new ServiceError('refused', `The table already has the billing mode ${to}.`);
    if (to === 'PAY_PER_REQUEST' && usedUp(this.#toOnDemand, now, TO_ON_DEMAND))
      throw new ServiceError('refused', 'A table can become on-demand at most 4 times in 24 hours.');
    this.#mode = to;
    if (to === 'PAY_PER_REQUEST') this.#toOnDemand.push(now);
  }
}

/** The table class of a simulated table. It can change twice in 30 days. */
export class SimClass {
  #class: TableClass;
  readonly #changes: number[] = [];

  constructor(tableClass: TableClass = 'STANDARD') {
    this.#class = tableClass;
  }

  get state(): Pick<TableState, 'tableClass' | 'classChangedAt'> {
    return { tableClass: this.#class, classChangedAt: this.#changes.at(-1) };
  }

  /** @throws ServiceError */
  change(to: TableClass, now: number): void {
    if (to === this.#class) throw new ServiceError('refused', `The table already has the class ${to}.`);
    if (usedUp(this.#changes, now, CLASS_CHANGES))
      throw new ServiceError('refused', 'A table class can change at most twice in 30 days.');
    this.#class = to;
    this.#changes.push(now);
  }
}
