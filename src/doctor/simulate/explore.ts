import { graphsInUse } from '../../engine/state/graphs-in-use.ts';
import type { Run } from '../../engine/state/run.ts';
import type { JsonObject } from '../../plan/json.ts';
import type { Plan } from '../../plan/plan.ts';
import { Alive } from './alive.ts';
import { canonicalText, mostVisits } from './canonical.ts';
import { endOf } from './ends.ts';
import { type Move, makeMove } from './move.ts';
import { Moves } from './moves.ts';
import { expecting, openStage, type Stage } from './stage.ts';

export interface ExploreOptions {
  /** How often a step may be visited on one path; longer paths are not followed. */
  readonly bound: number;
  readonly maxStates: number;
  readonly params: JsonObject;
  /** Called now and then. */
  readonly onProgress?: (progress: { readonly states: number; readonly open: number }) => void;
}

export interface Exploration {
  /** Different states of the run that were examined. */
  readonly states: number;
  readonly moves: number;
  /** False if the limit on states was reached first. */
  readonly complete: boolean;
  /** States beyond the bound, which were not followed. */
  readonly cut: number;
  /** Each way to end, with the shortest path to it. */
  readonly ends: ReadonlyMap<string, readonly Move[]>;
  /** Paths after which nothing can happen, though the run is not over. */
  readonly deadEnds: readonly (readonly Move[])[];
  /** `graph/step` of steps that no path ever starts. */
  readonly neverStarted: readonly string[];
  /** Steps whose answers could not all be tried. */
  readonly sampled: readonly string[];
}

interface Seen {
  readonly stage: Stage;
  readonly before: Seen | null;
  readonly move: Move | null;
}

const PROGRESS_EVERY = 500;

/**
 * Tries every answer, failure and decision at every stage, breadth first, each state once. The
 * paths it returns are the shortest there are.
 */
export function explore(plan: Plan, options: ExploreOptions): Exploration {
  const moves = new Moves(plan);
  const start: Seen = { stage: openStage(plan, options.params).stage, before: null, move: null };
  const { run } = start.stage;
  const known = new Map([[canonicalText(plan, start.stage, new Alive(plan, run)), 1]]);
  const queue: Seen[] = [start];
  const found = new Findings(plan);
  let complete = true;
  for (let at = 0; at < queue.length; at += 1) {
    const seen = queue[at];
    if (seen === undefined) break;
    found.look(seen);
    for (const { stage, move } of followers(plan, moves, seen, found)) {
      const alive = new Alive(plan, stage.run);
      const visits = mostVisits(stage, alive);
      if (visits > options.bound) {
        found.addCut();
        continue;
      }
      const text = canonicalText(plan, stage, alive);
      // Reached with fewer visits, the same state may lead further before the bound.
      if ((known.get(text) ?? Infinity) <= visits) continue;
      if (known.size >= options.maxStates) {
        complete = false;
        continue;
      }
      known.set(text, visits);
      queue.push({ stage, before: seen, move });
    }
    if (at % PROGRESS_EVERY === PROGRESS_EVERY - 1) {
      options.onProgress?.({ states: at + 1, open: queue.length - at - 1 });
    }
  }
  return found.result({ complete, states: known.size, sampled: [...moves.sampled] });
}

function followers(
  plan: Plan,
  moves: Moves,
  seen: Seen,
  found: Findings,
): readonly { readonly stage: Stage; readonly move: Move }[] {
  const next = moves.at(seen.stage).flatMap((move) => {
    const { stage } = makeMove(plan, seen.stage, move);
    return stage.run === seen.stage.run ? [] : [{ stage, move }];
  });
  found.count(next.length);
  const isOver = expecting(plan, seen.stage).type === 'end';
  if (next.length === 0 && !isOver) found.addDeadEnd(seen);
  return next;
}

class Findings {
  readonly #plan: Plan;
  readonly #ends = new Map<string, readonly Move[]>();
  readonly #deadEnds: (readonly Move[])[] = [];
  readonly #started = new Set<string>();
  #moves = 0;
  #cut = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  look(seen: Seen): void {
    const { run } = seen.stage;
    for (const name of startedIn(run)) this.#started.add(name);
    if (expecting(this.#plan, seen.stage).type !== 'end') return;
    const end = endOf(run);
    if (!this.#ends.has(end)) this.#ends.set(end, pathTo(seen));
    if (run.reason?.code === 'deadlock') this.addDeadEnd(seen);
  }

  addCut(): void {
    this.#cut += 1;
  }

  count(moves: number): void {
    this.#moves += moves;
  }

  addDeadEnd(seen: Seen): void {
    if (this.#deadEnds.length < MAX_DEAD_ENDS) this.#deadEnds.push(pathTo(seen));
  }

  result(rest: Pick<Exploration, 'complete' | 'states' | 'sampled'>): Exploration {
    const all = graphsInUse(this.#plan).flatMap((graph) =>
      graph.nodes.map(({ id }) => `${graph.id}/${id}`),
    );
    return {
      ...rest,
      moves: this.#moves,
      cut: this.#cut,
      ends: this.#ends,
      deadEnds: this.#deadEnds,
      neverStarted: all.filter((name) => !this.#started.has(name)),
    };
  }
}

const MAX_DEAD_ENDS = 20;
const NOT_STARTED: ReadonlySet<string> = new Set([
  'idle',
  'ready',
  'skipped',
  'blocked',
  'cancelled',
]);

function startedIn(run: Run): readonly string[] {
  return Object.values(run.frames).flatMap(({ graph, nodes }) =>
    Object.entries(nodes).flatMap(([id, { status }]) =>
      NOT_STARTED.has(status) ? [] : [`${graph}/${id}`],
    ),
  );
}

function pathTo(seen: Seen): readonly Move[] {
  const path: Move[] = [];
  for (let at: Seen | null = seen; at !== null; at = at.before) {
    if (at.move !== null) path.push(at.move);
  }
  return path.toReversed();
}
