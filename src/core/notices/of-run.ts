/** The notices of what a run did and held. */
import { sayInstant } from '../calendar/instant.ts';
import type { RunEntry } from '../history/of-run.ts';
import { type Notice, type NoticeKind, subjectOf } from '../notice.ts';
import type { Job } from '../plan.ts';
import { allNoticeKinds, noticeKinds } from './kinds.ts';

/** The run that a notice is about. `at`: epoch milliseconds. */
export interface AboutRun {
  readonly environment: string;
  /** `drill` is no job, but has runs. */
  readonly job: Job | 'drill';
  readonly at: number;
}

/** A notice, and what it tells. */
export interface TellingNotice {
  readonly notice: Notice;
  readonly entries: readonly RunEntry[];
}

/**
 * SNS accepts 262,144 bytes, attributes included: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html. The rest is for
 * the first and last lines, the headings, and the attribute `types`.
 */
const MOST_BYTES = 262_144 - 4_096;
/** An error of AWS can be long. */
const LONGEST_LINE = 2_000;
/** The first half of a character of two UTF-16 units, at the end of a text. The SDK cannot encode it. */
const HALF_CHARACTER = /[\uD800-\uDBFF]$/;

/** The notices of a run: one, unless it is too long for SNS. The most important kinds come first. */
export function noticesOf(entries: readonly RunEntry[], about: AboutRun): TellingNotice[] {
  const ordered = allNoticeKinds.flatMap((kind) => entries.filter((entry) => entry.kind === kind));
  const parts: RunEntry[][] = [];
  let room = 0;
  for (const entry of ordered) {
    const bytes = utf8Bytes(lineOf(entry)) + 1;
    if (bytes > room) {
      parts.push([]);
      room = MOST_BYTES;
    }
    parts.at(-1)?.push(entry);
    room -= bytes;
  }
  return parts.map((own, i) => ({ notice: noticeOf(own, about, i, parts.length), entries: own }));
}

function noticeOf(
  entries: readonly RunEntry[],
  { environment, job, at }: AboutRun,
  i: number,
  count: number,
): Notice {
  const types = allNoticeKinds.filter((kind) => entries.some((entry) => entry.kind === kind));
  const own = types.map((kind) => entries.filter((entry) => entry.kind === kind));
  const counts = types.map((kind, n) => sayCount(kind, own[n]?.length ?? 0));
  const part = count > 1 ? `part ${i + 1} of ${count}: ` : '';
  const sections = types.map(
    (kind, n) => `${sayCount(kind, own[n]?.length ?? 0)}:\n${(own[n] ?? []).map(lineOf).join('\n')}`,
  );
  const message = [
    `The ${job} run in ${environment} at ${sayInstant(at)}:`,
    ...sections,
    `More: turntable history --env ${environment}`,
  ].join('\n\n');
  return { subject: subjectOf(environment, `${part}${counts.join(', ')}`), message, types };
}

const sayCount = (kind: NoticeKind, count: number): string =>
  `${count} ${noticeKinds[kind][count === 1 ? 'one' : 'many']}`;

function lineOf(entry: RunEntry): string {
  const said = sayEntry(entry).replace(/\s*\n\s*/g, ' ');
  const cut =
    said.length > LONGEST_LINE ? `${said.slice(0, LONGEST_LINE).replace(HALF_CHARACTER, '')}…` : said;
  return `  ${entry.table}  ${cut}`;
}

function sayEntry(entry: RunEntry): string {
  switch (entry.kind) {
    case 'failed':
      return `${entry.action}: ${entry.error}`;
    case 'hold-begun':
      return `${entry.held} held: ${entry.message} [${entry.reason}]`;
    case 'hold-ended':
      return `${entry.held} was held since ${sayInstant(Date.parse(entry.since))} [${entry.reason}]`;
    default:
      return `${entry.message} [${entry.reason}]`;
  }
}

const encoder = new TextEncoder();
const utf8Bytes = (text: string): number => encoder.encode(text).length;
