import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import type { Problem } from './problem.ts';
import { visible } from './quote.ts';

const MEGABYTE = 1024 * 1024;

/** People edit configuration files by hand, so a larger file is a mistake. */
const CONFIG = { largestBytes: 4 * MEGABYTE };
/** Files that programs write, such as plans and traces. */
export const WRITTEN = { largestBytes: 64 * MEGABYTE };

/** The text of a file, or the reason why it could not be read. */
export type Reading = { readonly text: string } | { readonly absent: true } | { readonly problem: Problem };

/** Reads a regular file as UTF-8 text, without its byte order mark. */
export function readText(path: string, { largestBytes } = CONFIG): Reading {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return unusable(path, 'is a folder, but must be a file.');
    if (!stats.isFile()) return unusable(path, 'is not a regular file.');
    if (stats.size > largestBytes) return tooLarge(path, largestBytes);
    return decode(path, readFileSync(path), { largestBytes });
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
    // The path might be a folder without read permission. Reading its files then reports that.
    return error instanceof Error && 'code' in error && error.code === 'EACCES';
  }
}

/** A problem with a file as a whole, without a position. */
export function problemOfFile(path: string, message: string): Problem {
  return { file: visible(path), line: 0, column: 0, path: '', message };
}

function unusable(path: string, message: string): Reading {
  return { problem: problemOfFile(path, message) };
}

const tooLarge = (path: string, largestBytes: number): Reading =>
  unusable(path, `is larger than the limit of ${largestBytes / MEGABYTE} MB.`);

function reasonOf(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read because this user has no permission.';
  if (code === 'ELOOP') return 'is a symbolic link to itself.';
  if (code === 'ENOTDIR') return 'is not a valid path because a part of it is not a folder.';
  return `cannot be read${code ? ` (${code})` : ''}.`;
}

/** Recognizes UTF-16 by its byte order mark, or by a zero byte beside the first character, which is ASCII (RFC 4627, 3). */
function isUtf16([first, second]: Buffer): boolean {
  return (
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0
  );
}

/** UTF-8 text without its byte order mark. */
export function decode(path: string, bytes: Buffer, { largestBytes } = CONFIG): Reading {
  if (bytes.length > largestBytes) return tooLarge(path, largestBytes);
  if (isUtf16(bytes)) return unusable(path, 'is encoded in UTF-16. Save the file as UTF-8.');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (isUtf8(bytes)) return { text };
  const before = text.slice(0, text.indexOf('\uFFFD')).split(/\r\n|\r|\n/);
  const message = 'contains bytes that are not valid UTF-8. Save the file as UTF-8.';
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
