import { vi } from 'vitest';
import { run } from '../../src/cli/program.ts';

export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process and captures its output. `args` do not include the program's name. */
export async function runHere(args: readonly string[]): Promise<Printed> {
  const printed = { stdout: '', stderr: '' };
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((...parts) => {
      printed.stdout += `${parts.join(' ')}\n`;
    }),
    vi.spyOn(console, 'error').mockImplementation((...parts) => {
      printed.stderr += `${parts.join(' ')}\n`;
    }),
    ...(['stdout', 'stderr'] as const).map((stream) =>
      vi.spyOn(process[stream], 'write').mockImplementation((text) => {
        printed[stream] += String(text);
        return true;
      }),
    ),
  ];
  try {
    return { code: await run(args), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  }
}
