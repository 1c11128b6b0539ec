import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whether a folder can be made there, or is there and can be written to. @throws Error, whose message goes on after a colon */
export function mustTakeFolder(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there && dirname(path) !== path) return mustTakeFolder(dirname(path));
  if (!there?.isDirectory()) throw new Error(`${path} is no folder.`);
  accessSync(path, constants.W_OK);
}

/** Makes a folder, with all above it. Not by `recursive`, which never ends where a folder takes none, as /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
