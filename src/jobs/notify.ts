/** Sends the notices of a run. */
import pMap from 'p-map';
import { SECOND_MS } from '../core/calendar/period.ts';
import { isFailure, messageOf } from '../core/failure.ts';
import type { RunEntry } from '../core/history/of-run.ts';
import { type AboutRun, noticesOf } from '../core/notices/of-run.ts';
import type { News, Outcome } from '../core/notices/worth-telling.ts';
import type { Notices, Ports } from '../ports.ts';
import { endingAt } from './run-times.ts';

/** Notices must not delay the end of a run for long. */
const LONGEST_MS = 5 * SECOND_MS;

/** What people were told, and in words what failed. */
export interface Notified extends Outcome {
  readonly remark?: string;
}

export type NotifyPorts = Pick<Ports, 'notices' | 'webhook' | 'clock' | 'within'>;

/** Whether anyone gets notices. */
export const hasReceiver = ({ notices, webhook }: NotifyPorts): boolean => Boolean(notices ?? webhook);

/**
 * Sends one notice to the topic and one to the webhook, as far as there are any, or more if one is too long. `isToldAlready`: what
 * the topic got in a notice of its own. What one of them accepts has been told. Never rejects.
 */
export async function notify(
  news: readonly News[],
  isToldAlready: (entry: RunEntry) => boolean,
  about: AboutRun,
  ports: NotifyPorts,
): Promise<Notified> {
  const { notices, webhook } = ports;
  const entries = news.map(({ entry }) => entry);
  const already = notices ? entries.filter(isToldAlready) : [];
  const [topic, hook] = await Promise.all([
    send(
      notices,
      'topic',
      entries.filter((entry) => !already.includes(entry)),
      about,
      ports,
    ),
    send(webhook, 'webhook', entries, about, ports),
  ]);
  const told = new Set([...already, ...topic.sent, ...hook.sent]);
  const maybe = new Set([...topic.unknown, ...hook.unknown]);
  const remarks = [topic.remark, hook.remark].filter((one) => one !== undefined);
  return {
    sent: news.filter(({ entry }) => told.has(entry)),
    unknown: news.filter(({ entry }) => !told.has(entry) && maybe.has(entry)),
    rejected: news.filter(({ entry }) => !told.has(entry) && !maybe.has(entry)),
    ...(remarks.length > 0 && { remark: remarks.join(' ') }),
  };
}

interface Receipt {
  readonly sent: RunEntry[];
  readonly unknown: RunEntry[];
  remark?: string;
}

async function send(
  receiver: Notices | undefined,
  name: string,
  entries: readonly RunEntry[],
  about: AboutRun,
  ports: NotifyPorts,
): Promise<Receipt> {
  const outcome: Receipt = { sent: [], unknown: [] };
  if (!receiver) return outcome;
  const publish = async ({ notice, entries: own }: ReturnType<typeof noticesOf>[number]): Promise<void> => {
    try {
      await endingAt(ports, ports.clock.now() + LONGEST_MS, () => receiver.publish(notice));
      outcome.sent.push(...own);
    } catch (error) {
      if (isFailure(error, 'unavailable')) outcome.unknown.push(...own);
      outcome.remark ??= `Could not send the notice of this run to the ${name}: ${messageOf(error)}`;
    }
  };
  await pMap(noticesOf(entries, about), publish, { concurrency: 4 });
  return outcome;
}
