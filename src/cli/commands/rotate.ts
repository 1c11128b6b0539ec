import { visibleJson } from '../../config/quote.ts';
import { leftUndone } from '../../jobs/apply.ts';
import { runJob } from '../../jobs/run.ts';
import { leaseOwner } from '../../runtime.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { rejectFutureChanges } from '../present.ts';
import { reportInterruption, stopOnSignal } from '../stop.ts';
import { print } from '../suggested.ts';
import { viewRun } from '../views/run.ts';

export const rotateCommand = () =>
  command('rotate', 'run the rotate job now. It never deletes a table').action(
    async (options: CommonOptions) => {
      const context = contextOf(options);
      rejectFutureChanges('rotate', context.now);
      const stopping = stopOnSignal();
      try {
        const owner = leaseOwner('rotate');
        const { stop } = stopping;
        const summary = await runJob('rotate', configOf(context), portsOf(context), context.now, {
          owner,
          stop,
        });
        const undone = summary.results.some(leftUndone);
        const shown = stop.aborted && undone ? { ...summary, outcome: 'interrupted' as const } : summary;
        if (context.json) console.log(visibleJson(shown, 2));
        else print(context, viewRun(shown));
        if (summary.outcome !== 'done') process.exitCode = 1;
        reportInterruption(stopping, undone);
      } finally {
        stopping.ignore();
      }
    },
  );
