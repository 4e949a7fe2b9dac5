/** `assay events`: what operators want to know, as it began, ended and happened, and what goes on. */
import { Option, type Command } from 'commander';
import type { EventFilter, EventPage, IncidentEvent, OngoingIncident } from '../../shared/client/event-types.ts';
import { EVENT_STATUSES, KIND_NAMES, SEVERITIES, type EventStatus, type Kind, type Severity } from '../../shared/domain/incident-kinds.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { Faults, wholeOf } from '../flags.ts';
import { pagesOf } from '../pages.ts';
import { withFleet } from '../reach.ts';
import { eventColumns, ongoingColumns } from '../render/event-columns.ts';
import { OUTPUTS, printList, type OutputName } from '../render/list.ts';
import { lookOf } from '../render/look.ts';
import { count } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface EventsFlags extends ConnectionFlags {
  open?: boolean;
  namespace?: string;
  kind?: Kind;
  severity?: Severity;
  status?: EventStatus;
  limit: string;
  output: OutputName;
  json?: boolean;
  utc?: boolean;
}

const MOST = 10_000;
/** So many of what goes on are told at most; the others are counted. */
const MOST_OPEN = 200;

export function addEvents(program: Command, context: CommandContext): void {
  const command = program
    .command('events')
    .summary('list alerts: what began, ended and happened')
    .description(
      'Lists what operators want to know (lost agents, work that nothing fits, failed evaluations, dead letters and the like), the newest first; with --open what goes on now. It needs a token with the scope operate; what is of agents and keys, one for all namespaces.',
    )
    .option('--open', 'what goes on now: what is open, then what does not hold for long enough so far')
    .option('--namespace <name>', 'only of this namespace')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(KIND_NAMES))
    .addOption(new Option('--severity <severity>', 'only of this severity').choices(SEVERITIES))
    .addOption(new Option('--status <status>', 'only events of this status').choices(EVENT_STATUSES).conflicts('open'))
    .option('-n, --limit <number>', `how many, at most ${MOST}`, '50')
    .addOption(new Option('-o, --output <form>', 'how they are printed').choices(OUTPUTS).default('table'))
    .option('--json', 'the same as -o json')
    .option('--utc', 'times in UTC instead of how long ago');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay events
  assay events --open
  assay events --kind agent_lost -o jsonl`,
    )
    .action(async (flags: EventsFlags) => context.exitWith(await events(flags, context)));
}

async function events(flags: EventsFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const limit = wholeOf('--limit', flags.limit, { least: 1, most: MOST }, faults);
  faults.throwIfAny();
  const { namespace, kind, severity, status } = flags;
  const filter: EventFilter = {
    ...(namespace && { namespace }),
    ...(kind && { kind }),
    ...(severity && { severity }),
    ...(status && { status }),
  };
  const output = flags.json ? 'json' : flags.output;
  const how = { output, look: lookOf(shell, { utc: flags.utc ?? false }) };
  return withFleet(connectionOf(flags, shell.env), shell, 'assay events', async ({ client }) => {
    if (flags.open) {
      const page = await client.events(filter, { size: Math.min(limit!, MOST_OPEN) });
      await printList<OngoingIncident>(shell, one(page.ongoing.slice(0, limit)), {
        ...how,
        columns: (look) => ongoingColumns(look, output === 'wide'),
        nameOf: ({ incident }) => incident,
        none: 'nothing is open',
      });
      const left = leftOut(page, limit!);
      if (left > 0) shell.say(`and ${count(left)} more`);
      return EXIT.ok;
    }
    await printList<IncidentEvent>(
      shell,
      pagesOf((page) => client.events(filter, page), limit!),
      { ...how, columns: (look) => eventColumns(look, output === 'wide'), nameOf: ({ id }) => id, none: 'nothing that fits' },
    );
    return EXIT.ok;
  });
}

const leftOut = ({ open, waiting, ongoing }: EventPage, limit: number): number => open + waiting - Math.min(limit, ongoing.length);

async function* one<T>(items: T[]): AsyncGenerator<T[]> {
  yield items;
}
