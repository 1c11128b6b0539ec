import { visibleJson } from '../../config/quote.ts';
import { runJob } from '../../jobs/run.ts';
import { leaseOwner } from '../../runtime.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { rejectFutureChanges } from '../present.ts';
import { stopOnSignal } from '../stop.ts';
import { print } from '../suggested.ts';
import { viewRun } from '../views/run.ts';

export const rotateCommand = () =>
  command('rotate', 'run the rotate job now. It never deletes a table').action(
    async (options: CommonOptions) => {
      const context = contextOf(options);
      rejectFutureChanges('rotate', context.now);
      const { stop, ignore } = stopOnSignal();
      try {
        const owner = leaseOwner('rotate');
        const summary = await runJob('rotate', configOf(context), portsOf(context), context.now, {
          owner,
          stop,
        });
        if (context.json) console.log(visibleJson(summary, 2));
        else print(context, viewRun(summary));
        if (summary.outcome !== 'done') process.exitCode = 1;
      } finally {
        ignore();
      }
    },
  );
