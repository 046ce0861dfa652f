import type { Plan } from '#src/plan/plan.ts';
import { type Completed, done, Player } from '#test/support/engine/player.ts';

export type Answer = Partial<Completed>;

/** Step id → what it answers at each visit; the last answer stands for all later ones. */
export type Script = Readonly<Record<string, readonly Answer[]>>;

export interface Played {
  readonly player: Player;
  /** Ids of the steps that were executed, in this order. */
  readonly order: readonly string[];
  /** Timers that were waited for. */
  readonly waits: readonly string[];
}

const MOST_EVENTS = 500;

/** Plays a run to its end: workers answer by the script, people approve, timers fire. */
export function playPlan(plan: Plan, script: Script = {}): Played {
  const player = new Player(plan).start();
  const order: string[] = [];
  const waits: string[] = [];
  const queue = [...player.dispatched];
  const timers: string[] = [];
  const collect = (): void => {
    queue.push(...player.dispatched);
    timers.push(...player.effects('set-timer').map(({ timer }) => timer));
  };
  for (let event = 0; event < MOST_EVENTS; event += 1) {
    const node = queue.shift();
    const timer = node === undefined ? timers.shift() : undefined;
    if (node !== undefined) {
      const { visit } = player.state(node);
      const answers = script[node] ?? script[node.slice(node.lastIndexOf('/') + 1)] ?? [];
      order.push(node);
      player.take(node);
      const { attempt } = player.state(node);
      const result = done(answers[Math.min(visit, answers.length) - 1] ?? {});
      player.apply({ type: 'node.finished', node, visit, attempt, result });
    } else if (timer?.startsWith('node:') === true) {
      waits.push(timer);
      player.wait(3600).apply({ type: 'timer.fired', timer });
    } else if (player.gates.some(({ verdicts }) => verdicts.includes('approve'))) {
      player.decide('approve');
    } else if (timer === undefined) {
      return { player, order, waits };
    } else {
      continue;
    }
    collect();
  }
  throw new Error('the run did not come to its end');
}
