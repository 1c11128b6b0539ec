/** A plan of several jobs says one thing about each table. */
import { describe, expect, it } from 'vitest';
import { allJobs } from '../../src/core/jobs.ts';
import { mergeDrafts } from '../../src/core/merge-drafts.ts';
import type { Action, Draft, Hold, Job } from '../../src/core/plan.ts';
import { sayDraft } from '../support/worlds.ts';

const OVER = 'production.Events.20261120';
const OTHER = 'production.Events.20261119';

const about = (job: Job, table: string) => ({ job, group: 'Events', table, message: 'Because.' });
const hold = (job: Job, reason: Hold['reason'], kind: Hold['kind'] = 'lower', table = OVER): Hold => ({
  ...about(job, table),
  kind,
  reason,
});
const change = (job: 'rotate' | 'scale', kind: 'raise' | 'lower', table = OVER): Action => ({
  ...about(job, table),
  kind,
  reason: 'period-ended',
  changes: [{ from: { read: 5, write: 5 }, to: { read: 1, write: 1 } }],
});

const merged = (...said: (Action | Hold)[]): string[] =>
  sayDraft(
    mergeDrafts(
      allJobs.map((job): Draft => {
        const own = said.filter((one) => one.job === job);
        const actions = own.filter((one): one is Action => 'changes' in one);
        const holds = own.filter((one): one is Hold => !('changes' in one));
        return { actions, holds, needs: [], learned: new Map(), retentions: new Map() };
      }),
    ),
  );

it('raises, and changes nothing else, in a group whose scheme changed', () => {
  const refused: Hold = { ...hold('rotate', 'scheme-changed', 'create'), urgent: true };
  const other = { ...change('scale', 'lower', OTHER), group: 'Other' } as Action;
  expect(merged(refused, change('scale', 'lower'), change('scale', 'raise', OTHER), other)).toEqual([
    `raise ${OTHER} (period-ended)`,
    `lower ${OTHER} (period-ended)`,
    `[create ${OVER} (scheme-changed)]`,
  ]);
});

describe('a table whose period has ended', () => {
  it.each<[string, (Action | Hold)[], string[]]>([
    ['drains if only rotate says so', [hold('rotate', 'draining')], [`[lower ${OVER} (draining)]`]],
    [
      'does not drain if scale lowers it',
      [hold('rotate', 'draining'), change('scale', 'lower')],
      [`lower ${OVER} (period-ended)`],
    ],
    [
      'is held for the reason of scale if scale would lower it',
      [hold('rotate', 'draining'), hold('scale', 'decrease-quota')],
      [`[lower ${OVER} (decrease-quota)]`],
    ],
    [
      'drains whatever happens to another table, and if it is raised',
      [hold('rotate', 'draining'), change('scale', 'raise'), hold('scale', 'unhealthy', 'lower', OTHER)],
      [`raise ${OVER} (period-ended)`, `[lower ${OVER} (draining)]`, `[lower ${OTHER} (unhealthy)]`],
    ],
    [
      'is held once for one reason',
      [hold('rotate', 'maintenance'), hold('scale', 'maintenance'), hold('purge', 'maintenance', 'delete')],
      [`[lower ${OVER} (maintenance)]`, `[delete ${OVER} (maintenance)]`],
    ],
    [
      'is held twice for two reasons',
      [hold('rotate', 'maintenance'), hold('scale', 'missing-data')],
      [`[lower ${OVER} (maintenance)]`, `[lower ${OVER} (missing-data)]`],
    ],
    [
      'is lowered by rotate, whatever holds scale, and keeps scale’s failed read',
      [change('rotate', 'lower'), hold('scale', 'missing-data'), hold('scale', 'metrics-unknown', 'read')],
      [`lower ${OVER} (period-ended)`, `[read ${OVER} (metrics-unknown)]`],
    ],
    [
      'gets one update at a time: rotate’s',
      [change('rotate', 'lower'), change('scale', 'lower')],
      [`lower ${OVER} (period-ended)`],
    ],
  ])('%s', (_, said, expected) => {
    expect(merged(...said)).toEqual(expected);
  });
});

it('cancels a scheduled deletion once if rotate and purge both do', () => {
  const cancel = (job: Job, table: string): Action => ({
    ...about(job, table),
    kind: 'cancel-deletion',
    reason: 'retained',
  });
  const draftOf = (...actions: Action[]): Draft => ({
    actions,
    holds: [],
    needs: [],
    learned: new Map(),
    retentions: new Map(),
  });
  const { actions } = mergeDrafts([
    draftOf(cancel('rotate', OVER)),
    draftOf(cancel('purge', OVER), cancel('purge', OTHER)),
  ]);
  expect(actions.map(({ job, table }) => `${job} ${table}`)).toEqual([`rotate ${OVER}`, `purge ${OTHER}`]);
});
