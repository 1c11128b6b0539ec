/** Shares a folder among all test files of a run, each of which runs in a process of its own. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';

const POLL_MS = 100;

/**
 * The folder of this name. The first caller fills it, and the others wait until it is ready.
 * @throws what `fill` threw, to every caller
 */
export async function oncePerRun(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(inject('runFolder'), name);
  const outcome = `${folder}.outcome`;
  if (isFirst(folder)) {
    const failure = await fill(folder).then(
      () => '',
      ({ message }: Error) => message,
    );
    writeFileSync(outcome, failure);
  }
  while (!existsSync(outcome)) await sleep(POLL_MS);
  const failure = readFileSync(outcome, 'utf8');
  if (failure !== '') throw new Error(failure);
  return folder;
}

/** Only one process can create a folder. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
