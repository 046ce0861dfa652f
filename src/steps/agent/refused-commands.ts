const MOST = 5;
const LENGTH = 200;

/** The commands an agent asked for in vain, for the run's history. */
export class RefusedCommands {
  readonly #lines = new Set<string>();

  /** The same judge, which is listened to. */
  heed(mayRun: (line: string) => boolean): (line: string) => boolean {
    return (line) => {
      const isAllowed = mayRun(line);
      if (!isAllowed) this.#lines.add(line.trim().slice(0, LENGTH));
      return isAllowed;
    };
  }

  /** Each once, the first few of many. */
  told(): readonly string[] {
    const lines = [...this.#lines];
    const more = lines.length - MOST;
    return more > 0 ? [...lines.slice(0, MOST), `and ${more} more`] : lines;
  }
}
