import { DAY_MS } from '../../../src/core/calendar/period.ts';
import { ServiceError } from '../../../src/core/failure.ts';
import type { TableState } from '../../../src/core/observed.ts';
import type { TableClass } from '../../../src/core/spec.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const TO_ON_DEMAND = { limit: 4, windowMs: DAY_MS };
const CLASS_CHANGES = { limit: 2, windowMs: 30 * DAY_MS };

const spent = (changes: readonly number[], now: number, { limit, windowMs }: typeof TO_ON_DEMAND): boolean =>
  changes.filter((at) => at > now - windowMs).length >= limit;

/** How a simulated table is billed: four switches to on-demand in any 24 hours, and back at any time. */
export class SimBilling {
  #mode: TableState['billingMode'];
  #serving: TableState['billingMode'];
  readonly #toOnDemand: number[] = [];

  constructor(mode: TableState['billingMode'] = 'PROVISIONED') {
    this.#mode = mode;
    this.#serving = mode;
  }

  /** What demand meets: while a switch is under way, what it is switched from. */
  get servesOnDemand(): boolean {
    return this.#serving === 'PAY_PER_REQUEST';
  }

  /** The switch has landed. */
  settle(): void {
    this.#serving = this.#mode;
  }

  get state(): Pick<TableState, 'billingMode' | 'onDemandSince'> {
    return { billingMode: this.#mode, onDemandSince: this.#toOnDemand.at(-1) };
  }

  /** @throws ServiceError */
  change(to: TableState['billingMode'], now: number): void {
    if (to === this.#mode) throw new ServiceError('refused', `The table is billed as ${to} already.`);
    if (to === 'PAY_PER_REQUEST' && spent(this.#toOnDemand, now, TO_ON_DEMAND))
      throw new ServiceError('refused', 'Four switches to on-demand in 24 hours are spent.');
    this.#mode = to;
    if (to === 'PAY_PER_REQUEST') this.#toOnDemand.push(now);
  }
}

/** The class of a simulated table: two changes in any 30 days. */
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
    if (to === this.#class) throw new ServiceError('refused', `The table is ${to} already.`);
    if (spent(this.#changes, now, CLASS_CHANGES))
      throw new ServiceError('refused', 'Two changes of class in 30 days are spent.');
    this.#class = to;
    this.#changes.push(now);
  }
}
