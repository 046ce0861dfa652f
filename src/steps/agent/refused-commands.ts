const MOST = 5;
const LENGTH = 200;

/** The commands an agent was refused, for the run's history. */
export class RefusedCommands {
  readonly #lines = new Set<string>();

  /** The same judge, with its refusals recorded. */
  heed(mayRun: (line: string) => boolean): (line: string) => boolean {
    return (line) => {
      const isAllowed = mayRun(line);
      if (!isAllowed) this.#lines.add(line.trim().slice(0, LENGTH));
      return isAllowed;
    };
  }

  /** Each one once, up to the first few. */
  told(): readonly string[] {
    const lines = [...this.#lines];
    const more = lines.length - MOST;
    return more > 0 ? [...lines.slice(0, MOST), `and ${more} more`] : lines;
  }
}
