/** Gives each test run a folder that all its processes share, and removes it afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** See `once-per-run.ts`. */
    readonly runFolder: string;
  }
}

export default function createRunFolder(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'turntable-tests-'));
  // Node keeps compiled code here: each process of the run compiles the SDK and the sources only if no other has done it.
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled');
  project.provide('runFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
