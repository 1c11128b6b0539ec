import { Ajv } from 'ajv';
import planSchema from '../../schemas/plan.schema.json' with { type: 'json' };
import { environmentProblem } from '../config/environment.ts';
import { faultBeforehand } from '../config/syntax.ts';
import { parseInstant } from '../core/calendar/instant.ts';
import type { Plan } from '../core/plan.ts';
import { UsageError } from './failure.ts';
import { readWritten } from './written.ts';

/** Plans write every instant with a time of day. The date must exist. */
const isInstant = (text: string): boolean => text.includes('T') && parseInstant(text) !== undefined;

/** @throws Error; its message follows a colon */
function jsonOf(text: string): unknown {
  const fault = faultBeforehand(text);
  if (fault) throw new Error(`it ${fault.message}`);
  return JSON.parse(text);
}

/** Reads a plan written by `turntable plan --out` or `--json`. @throws UsageError */
export function readPlan(file: string): Plan {
  const hint = 'To create a plan: turntable plan --out FILE';
  let content: unknown;
  try {
    content = jsonOf(readWritten(file));
  } catch (error) {
    throw new UsageError(`Could not read a plan from ${file}: ${(error as Error).message} ${hint}`);
  }
  const validate = new Ajv({ strict: false, formats: { 'date-time': isInstant } }).compile<Plan>(planSchema);
  if (validate(content) && content.jobs.length > 0 && !environmentProblem(content.environment))
    return content;
  throw new UsageError(`${file} is not a valid plan. ${hint}`);
}
