import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { firstRule, scripted, strangersIn } from '../../doctor/simulate/cast.ts';
import { declaredEnds, endOf } from '../../doctor/simulate/ends.ts';
import { explore } from '../../doctor/simulate/explore.ts';
import { play } from '../../doctor/simulate/play.ts';
import { parseScript, type Script } from '../../doctor/simulate/script.ts';
import { stubCalls } from '../../doctor/simulate/stub-calls.ts';
import { didYouMean } from '../../language/problems/nearest.ts';
import { renderProblem } from '../../language/problems/problem.ts';
import type { JsonObject } from '../../plan/json.ts';
import type { Plan } from '../../plan/plan.ts';
import { type CliArguments, type CliCommand, JSON_OPTION, PATH_OPTION } from '../command.ts';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import { compileIn, findDefinition, openLibrary } from '../library.ts';
import { kindOfPath } from '../read-files.ts';
import { explorationText, playText } from '../simulation-text.ts';

export const simulate: CliCommand = {
  usage: 'simulate <workflow> [--script file | --exhaustive]',
  summary: 'play a workflow without agents, and say which way it goes and why',
  details: `Without options every step answers so that its first rule is taken and every gate is approved.
With --script the answers and decisions come from a YAML file:

  steps: {plan: [ok], test: [{status: needs_revision}, ok], review: [{data: {score: 3}}, fail]}
  gates: {review: [{revise: Shorter}, approve]}
  params: {scale: small}

Each list is worked off in order, one entry per visit; afterwards the first rule goes on. With
--exhaustive every answer that the conditions can tell apart, every failure and every decision is
tried. What runs side by side is played in the order of the plan, doubts and questions once per
path. Exit status 1: the run gets stuck, the script does not fit, some end that the workflow
declares is never reached, or some step never starts.`,
  options: {
    path: PATH_OPTION,
    json: JSON_OPTION,
    script: { type: 'string', value: 'file', help: 'Decision script to play.' },
    exhaustive: { type: 'boolean', help: 'Try everything up to a bound.' },
    apart: {
      type: 'boolean',
      help: 'With --exhaustive: take each called workflow as one step, to be tried by itself.',
    },
    bound: { type: 'string', value: 'n', help: 'Visits per step on one path; 4 by default.' },
    'max-states': { type: 'string', value: 'n', help: 'States to look at; 200000 by default.' },
  },
  words: { min: 1, max: 1 },
  run,
};

function run(given: CliArguments, io: Io): ExitCode {
  const [name = ''] = given.words;
  if (given.flags.has('exhaustive') && given.values.has('script')) {
    throw new UsageError('--script or --exhaustive, not both.');
  }
  const library = openLibrary(io.cwd, given.values.get('path') ?? '.');
  const compiled = compileIn(library, findDefinition(library, name));
  if (!compiled.ok) {
    for (const problem of compiled.problems) io.err(`${renderProblem(problem)}\n`);
    return EXIT.problems;
  }
  const { plan } = compiled;
  if (given.flags.has('exhaustive')) return exploreAll(plan, given, io);
  const file = given.values.get('script');
  if (file === undefined) return playOnce(plan, NO_SCRIPT, given, io);
  const script = readScript(resolve(io.cwd, file), file, io);
  return script === null ? EXIT.problems : playOnce(plan, script, given, io);
}

const NO_SCRIPT: Script = { params: {}, steps: {}, gates: {} };

function readScript(path: string, shown: string, io: Io): Script | null {
  if (kindOfPath(path) !== 'file') throw new UsageError(`there is no file \`${shown}\`.`);
  const parsed = parseScript(readFileSync(path, 'utf8'), shown);
  if (parsed.ok) return parsed.script;
  for (const problem of parsed.problems) io.err(`${renderProblem(problem)}\n`);
  return null;
}

function playOnce(plan: Plan, script: Script, given: CliArguments, io: Io): ExitCode {
  const strangers = strangersIn(script, plan).map(
    ({ name, suggestion }) =>
      `the script names \`${name}\`, but there is no such step.${didYouMean(suggestion)}`,
  );
  if (strangers.length > 0) throw new UsageError(strangers.join('\n'));
  const director = script === NO_SCRIPT ? null : scripted(plan, script);
  const params = { ...defaultParams(plan), ...script.params };
  const played = play(plan, params, director ?? firstRule);
  const leftOver = director?.leftOver() ?? [];
  if (given.flags.has('json')) {
    const { acts, end, message } = played;
    const result = { end: endOf(played.run), state: end, message, leftOver, acts };
    io.out(`${JSON.stringify(result, null, 2)}\n`);
  } else {
    io.out(`${playText(played)}\n`);
    for (const left of leftOver) io.err(`not used of the script: ${left}\n`);
  }
  return played.end === 'over' && leftOver.length === 0 ? EXIT.ok : EXIT.problems;
}

function defaultParams({ policies }: Plan): JsonObject {
  const given = Object.entries(policies.params).filter(([, spec]) => spec.default !== null);
  return Object.fromEntries(given.map(([name, spec]) => [name, spec.default]));
}

function exploreAll(plan: Plan, given: CliArguments, io: Io): ExitCode {
  const bound = numberOf(given, 'bound', 4);
  const subject = given.flags.has('apart') ? stubCalls(plan) : plan;
  const found = explore(subject, {
    bound,
    maxStates: numberOf(given, 'max-states', 200_000),
    params: defaultParams(plan),
    onProgress: ({ states, open }) => {
      if (io.isTerminal) io.err(`\r${states} states looked at, ${open} to go…`);
    },
  });
  if (io.isTerminal) io.err('\r\u001b[K');
  const missing = declaredEnds(subject).filter((end) => !found.ends.has(end));
  if (given.flags.has('json')) {
    const ends = Object.fromEntries(found.ends);
    io.out(`${JSON.stringify({ ...found, bound, ends, missing }, null, 2)}\n`);
  } else {
    io.out(`${explorationText(found, { bound, missing })}\n`);
  }
  const isSound = found.complete && found.deadEnds.length === 0 && found.neverStarted.length === 0;
  return isSound && missing.length === 0 ? EXIT.ok : EXIT.problems;
}

function numberOf(given: CliArguments, name: string, standard: number): number {
  const text = given.values.get(name);
  if (text === undefined) return standard;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new UsageError(`--${name} needs a whole number of at least 1, not \`${text}\`.`);
  }
  return number;
}
