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
}

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
  };
}
