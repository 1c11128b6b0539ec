import { rmSync, writeFileSync } from 'node:fs';

/**
 * Replaces a file with a new one. If an existing file is overwritten, Linux waits for the disk (4 ms on ext4). It does not
 * wait for a new file.
 */
export function replaceFile(path: string, text: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, text);
}
