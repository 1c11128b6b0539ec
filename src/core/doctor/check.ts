import type { FunctionSize } from '../function-size.ts';
import type { Config } from '../spec.ts';
import type { AllAsked, Answers, QuestionName } from './answers.ts';
import type { Said } from './finding.ts';
import type { AlarmKey } from './stack-alarms.ts';
import type { AskedWrite } from './writes.ts';

/** What is known without a call to AWS. */
export interface Situation {
  readonly config: Config;
  /** The instant that is evaluated, epoch milliseconds. */
  readonly now: number;
  /** The time of this machine, epoch milliseconds. */
  readonly wall: number;
  /** How far this machine's clock is ahead of AWS's, in milliseconds, by each answer. */
  readonly aheadMs: readonly number[];
  /** Names of the variables that set a proxy for calls to AWS. */
  readonly proxies: readonly string[];
  /** `turntable-production-`: what the names of the stack's alarms start with. */
  readonly alarmPrefix: string;
  /** The keys of deployment.json that add alarms to the stack. Empty without that file. */
  readonly alarmKeys: readonly AlarmKey[];
  /** The functions that deployment.json describes; absent without that file. */
  readonly functionSize?: FunctionSize | undefined;
  /** The capacity that a production table should be able to reach, in capacity units per second. 0 means no minimum. */
  readonly floor: number;
  readonly asked: AllAsked;
  /** Permissions to change something. Empty if they were not asked for. */
  readonly writes: readonly AskedWrite[];
}

/** What a check found, or why it could not tell. */
export type Result = readonly Said[] | { readonly skipped: string };

export interface Check {
  /** What it finds, for the documentation. */
  readonly title: string;
  /** The answers without which it is not made. */
  readonly needs: readonly QuestionName[];
  readonly find: (situation: Situation) => Result;
}

/** A check that gets the answers that it needs. */
export function checkWith<Q extends QuestionName>(
  title: string,
  needs: readonly Q[],
  find: (answers: Pick<Answers, Q>, situation: Situation) => Result,
): Check {
  return {
    title,
    needs,
    find: (situation) => {
      const entries = needs.map((name) => {
        const asked = situation.asked[name];
        if (!asked || !('value' in asked)) throw new Error(`The answer to ${name} is missing.`);
        return [name, asked.value];
      });
      return find(Object.fromEntries(entries) as Pick<Answers, Q>, situation);
    },
  };
}
