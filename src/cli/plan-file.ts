import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import planSchema from '../../schemas/plan.schema.json' with { type: 'json' };
import { environmentProblem } from '../config/environment.ts';
import { parseInstant } from '../core/instant.ts';
import type { Plan } from '../core/plan.ts';
import { UsageError } from './failure.ts';

/** As every plan writes them: with a time, and of a day that exists. */
const isInstant = (text: string): boolean => text.includes('T') && parseInstant(text) !== undefined;

/** Reads a plan that `turntable plan --out` or `--json` wrote. @throws UsageError */
export function readPlan(file: string): Plan {
  const advice = 'Make one with: turntable plan --out FILE';
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`Could not read a plan from ${file}: ${(error as Error).message}. ${advice}`);
  }
  const validate = new Ajv({ strict: false, formats: { 'date-time': isInstant } }).compile<Plan>(planSchema);
  if (validate(content) && content.jobs.length > 0 && !environmentProblem(content.environment))
    return content;
  throw new UsageError(`${file} is not a plan. ${advice}`);
}
