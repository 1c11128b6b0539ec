/** Says what a long run is doing where no terminal shows it: how many files are done, and which ones are running. */
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

const EVERY_MS = 20_000;
/** Runs of fewer files are short. */
const LONG_RUN_FILES = 40;

export class Progress implements Reporter {
  readonly #running = new Map<string, number>();
  #files = 0;
  #done = 0;
  #timer: NodeJS.Timeout | undefined;

  onTestRunStart(specifications: readonly unknown[]): void {
    this.#files = specifications.length;
    if (this.#files < LONG_RUN_FILES) return;
    console.log(`Runs ${this.#files} test files, which takes minutes. \`npm run check\` is the quick suite.`);
    if (!process.stdout.isTTY) this.#timer = setInterval(() => this.#say(), EVERY_MS);
  }

  onTestModuleStart({ moduleId }: TestModule): void {
    this.#running.set(moduleId, performance.now());
  }

  onTestModuleEnd({ moduleId }: TestModule): void {
    this.#running.delete(moduleId);
    this.#done += 1;
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer);
  }

  #say(): void {
    const now = performance.now();
    const running = [...this.#running].map(
      ([file, since]) => `${relative(process.cwd(), file)} (${Math.round((now - since) / 1000)} s)`,
    );
    console.log(`${this.#done} of ${this.#files} files are done. Running: ${running.join(', ')}`);
  }
}
