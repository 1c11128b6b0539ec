import { Option } from 'commander';
import { visibleJson } from '../../config/quote.ts';
import { iso } from '../../core/calendar/instant.ts';
import { DAY_MS } from '../../core/calendar/period.ts';
import { allEntryKinds, type EntryKind } from '../../core/history/entry.ts';
import { entryFrom } from '../../core/history/stored.ts';
import { placeOf } from '../../jobs/place.ts';
import {
  type CommonOptions,
  command,
  configOf,
  contextOf,
  portsOf,
  requireValidEnvironment,
} from '../context.ts';
import { durationOption } from '../duration.ts';
import { groupsNamed } from '../group.ts';
import { print } from '../suggested.ts';
import { together } from '../together.ts';
import { sayHistory, viewHistory } from '../views/history.ts';

interface HistoryOptions extends CommonOptions {
  readonly since?: string;
  readonly kind?: readonly EntryKind[];
}

const USUAL_DAYS = 7;

export const historyCommand = () =>
  command('history', 'show what was done, what failed, what was held, and who commanded it')
    .argument('[groups...]', 'group names, the TableNames of specs (default: all, with removed ones)')
    .option('--since <duration>', `how far back: 90m, 12h, 3d, or 2w (default: ${USUAL_DAYS}d)`)
    .addOption(
      new Option('--kind <kinds...>', 'show only these kinds of entries').choices([...allEntryKinds]),
    )
    .action(async (names: string[], options: HistoryOptions) => {
      const context = contextOf(options);
      const [sinceMs, groups] = together(
        () => (options.since === undefined ? USUAL_DAYS * DAY_MS : durationOption('--since', options.since)),
        // Without names, the configuration is not read, so that the command works if it is invalid.
        () => (names.length > 0 ? groupsNamed(configOf(context), names) : undefined),
      );
      requireValidEnvironment(context);
      const { environment, now } = context;
      const ports = portsOf(context);
      const [texts, place] = await Promise.all([
        ports.state.history(now - sinceMs, now),
        placeOf(ports, environment),
      ]);
      const entries = texts
        .flatMap((text) => entryFrom(text) ?? [])
        .filter(({ kind }) => options.kind?.includes(kind) ?? true)
        .filter(({ group }) => !groups || (group !== undefined && groups.includes(group)));
      if (!context.json)
        return print(context, viewHistory(entries, sayHistory(environment, place, sinceMs, entries.length)));
      const { region, account = null } = place;
      const span = { environment, region, account, since: iso(now - sinceMs), until: iso(now) };
      console.log(visibleJson({ ...span, entries }, 2));
    });
