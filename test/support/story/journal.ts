import pino, { type Logger } from 'pino';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** What the application logs, kept for a test to look at. */
export interface Journal {
  readonly log: Logger;
  readonly lines: readonly LogLine[];
  /** Deliveries that were worked through, by GUID. */
  readonly handled: ReadonlySet<string>;
  /** Lines with that message. */
  find(message: string): readonly LogLine[];
  /** Warnings and errors as they were written; for the reader of a failed test. */
  troubles(): string[];
}

const WARN = 40;

export function openJournal(): Journal {
  const lines: LogLine[] = [];
  const handled = new Set<string>();
  const write = (text: string) => {
    const line = JSON.parse(text) as LogLine;
    lines.push(line);
    if (line.msg === 'delivery handled') handled.add(String(line['deliveryId']));
  };
  return {
    log: pino({ level: 'debug' }, { write }),
    lines,
    handled,
    find: (message) => lines.filter(({ msg }) => msg === message),
    troubles: () =>
      lines
        .filter(({ level }) => level >= WARN)
        .map((line) => JSON.stringify(line).slice(0, 2_000)),
  };
}
