import { parseArgs } from 'node:util';
import { AppError } from '../errors.ts';
import { nearest } from '../language/problems/nearest.ts';
import type { CliArguments, CliCommand } from './command.ts';
import { doctor } from './commands/doctor.ts';
import { eject } from './commands/eject.ts';
import { init } from './commands/init.ts';
import { list } from './commands/list.ts';
import { plan } from './commands/plan.ts';
import { simulate } from './commands/simulate.ts';
import { commandHelp, overview } from './help.ts';
import { EXIT, type ExitCode, type Io, UsageError } from './io.ts';

const COMMANDS: Readonly<Record<string, CliCommand>> = {
  doctor,
  plan,
  simulate,
  list,
  init,
  eject,
};

/** Runs one command line and says how it went. Mistakes of the caller become sentences. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    io.err(`sluice: ${error.message}\n`);
    return EXIT.usage;
  }
}

async function dispatch([name, ...rest]: readonly string[], io: Io): Promise<ExitCode> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const topic = name === 'help' ? rest[0] : undefined;
    io.out(topic === undefined ? overview(COMMANDS) : commandHelp(topic, commandNamed(topic)));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = commandNamed(name);
  const given = read(name, command, rest);
  if (given === 'help') {
    io.out(commandHelp(name, command));
    return EXIT.ok;
  }
  return command.run(given, io);
}

function commandNamed(name: string): CliCommand {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command;
  const meant = nearest(name, Object.keys(COMMANDS));
  const hint = meant === null ? '`sluice --help` lists them' : `did you mean \`${meant}\``;
  throw new UsageError(`there is no command \`${name}\`; ${hint}${meant === null ? '.' : '?'}`);
}

function read(name: string, command: CliCommand, args: readonly string[]): CliArguments | 'help' {
  const parsed = parse(name, command, args);
  if (parsed.values['help'] === true) return 'help';
  const { min, max } = command.words;
  const words = parsed.positionals;
  if (words.length < min || words.length > max) {
    const problem = words.length < min ? 'something is missing' : `\`${words[max]}\` is too much`;
    throw new UsageError(`${problem}; usage: sluice ${command.usage}`);
  }
  const entries = Object.entries(parsed.values);
  return {
    words,
    flags: new Set(entries.flatMap(([key, value]) => (typeof value === 'boolean' ? [key] : []))),
    values: new Map(
      entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])),
    ),
  };
}

function parse(name: string, command: CliCommand, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([key, { type }]) => [key, { type }]),
  );
  const help = { type: 'boolean', short: 'h' } as const;
  try {
    return parseArgs({ args: [...args], options: { ...options, help }, allowPositionals: true });
  } catch (error) {
    // parseArgs throws for unknown options and missing values, and its first sentence says which.
    if (!(error instanceof TypeError)) throw error;
    const [sentence = ''] = error.message.split('. ');
    throw new UsageError(`${sentence}; \`sluice ${name} --help\` lists the options.`, error);
  }
}
