import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import type { Problem } from './problem.ts';
import { visible } from './quote.ts';

const MEGABYTE = 1024 * 1024;

/** A config is edited by hand; what is larger is something else, or an accident. */
const CONFIG = { what: 'a config', largestBytes: 4 * MEGABYTE };
/** What programs write, such as plans and traces. */
export const WRITTEN = { what: 'one', largestBytes: 64 * MEGABYTE };

/** A file's text, or why there is none. */
export type Reading = { readonly text: string } | { readonly absent: true } | { readonly problem: Problem };

/** Reads a plain file as UTF-8 text; a byte order mark is left out. */
export function readText(path: string, { what, largestBytes } = CONFIG): Reading {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return unusable(path, 'is a folder; it must be a file.');
    if (!stats.isFile()) return unusable(path, 'must be a plain file.');
    if (stats.size > largestBytes)
      return unusable(path, `is larger than ${largestBytes / MEGABYTE} MB; it can't be ${what}.`);
    return decode(path, readFileSync(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') return { absent: true };
    return unusable(path, reasonOf(code));
  }
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    // A folder that can't be looked at may be one: what is wrong with it shows when its files are read.
    return error instanceof Error && 'code' in error && error.code === 'EACCES';
  }
}

/** A problem with the file itself, which has no position in it. */
export function problemOfFile(path: string, message: string): Problem {
  return { file: visible(path), line: 0, column: 0, path: '', message };
}

function unusable(path: string, message: string): Reading {
  return { problem: problemOfFile(path, message) };
}

function reasonOf(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user; change its permissions.';
  if (code === 'ELOOP') return 'is a symbolic link that leads back to itself.';
  if (code === 'ENOTDIR') return 'is not inside a folder.';
  return `can't be read${code ? ` (${code})` : ''}.`;
}

/** By its mark; or without one by a zero beside the first character, which in JSON is ASCII (RFC 4627, 3). */
function isUtf16([first, second]: Buffer): boolean {
  return (
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0
  );
}

function decode(path: string, bytes: Buffer): Reading {
  if (isUtf16(bytes)) return unusable(path, 'is encoded in UTF-16; save it as UTF-8.');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (isUtf8(bytes)) return { text };
  const before = text.slice(0, text.indexOf('\uFFFD')).split(/\r\n|\r|\n/);
  const message = 'has bytes that are not UTF-8 here; save it as UTF-8.';
  return {
    problem: {
      file: visible(path),
      line: before.length,
      column: (before.at(-1) ?? '').length + 1,
      path: '',
      message,
    },
  };
}
