import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Checks that the path is a writable folder, or that a folder can be created there. @throws Error; its message follows a colon */
export function requireWritableFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found && dirname(path) !== path) return requireWritableFolder(dirname(path));
  if (!found?.isDirectory()) throw new Error(`${path} is not a folder.`);
  accessSync(path, constants.W_OK);
}

/** Creates a folder and its parents. `mkdirSync` with `recursive` does not return if a parent accepts no folders, as in /proc. */
export function createFolder(path: string): void {
  if (existsSync(path)) return;
  createFolder(dirname(path));
  mkdirSync(path);
}
