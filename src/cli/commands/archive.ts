import { Argument } from 'commander';
import { visibleJson } from '../../config/quote.ts';
import { iso, isoOrNull } from '../../core/calendar/instant.ts';
import { archivesOfGroup, type FoundArchive } from '../../jobs/archive-list.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { specNamed } from '../group.ts';
import { viewArchives } from '../views/archives.ts';

export const archiveCommand = () =>
  command('archive', 'list the exports to S3 of the tables of a group, also of deleted tables')
    .addArgument(new Argument('<action>', 'what to do').choices(['list']))
    .argument('<group>', 'group name, the TableName of a spec')
    .action(async (_action: string, group: string, options: CommonOptions) => {
      const context = contextOf(options);
      const config = configOf(context);
      const spec = specNamed(config, group);
      const found = await archivesOfGroup(config, spec, portsOf(context), context.now);
      if (context.json) console.log(visibleJson(jsonOf(found), 2));
      else console.log(viewArchives(group, context.environment, found));
    });

/** The values of an export that is not complete are null. */
const jsonOf = (found: readonly FoundArchive[]) =>
  found.map(({ table, id, address, archive, unread }) => ({
    table: table.name,
    group: table.spec.name,
    period: isoOrNull(table.period.start),
    id,
    address,
    complete: archive !== undefined,
    unread: unread ?? null,
    exportArn: archive?.exportArn ?? null,
    tableId: archive?.tableId ?? null,
    exportTime: archive ? iso(archive.exportTime) : null,
    itemCount: archive?.itemCount ?? null,
    billedBytes: archive?.billedBytes ?? null,
    format: archive?.format ?? null,
  }));
