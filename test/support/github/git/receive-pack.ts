const FLUSH = '0000';
const REPORT_BAND = 1;

export interface RefCommand {
  before: string;
  after: string;
  ref: string;
}

/** What a `git-receive-pack` request asks for, and whether its client wants the report in side band. */
export function parseCommands(body: Buffer): { commands: RefCommand[]; sideband: boolean } {
  const commands: RefCommand[] = [];
  let sideband = false;
  for (let at = 0; at + 4 <= body.length; ) {
    const length = Number.parseInt(body.subarray(at, at + 4).toString(), 16);
    if (!(length >= 4)) break;
    const [line = '', capabilities = ''] = body
      .subarray(at + 4, at + length)
      .toString()
      .split('\0');
    const [before = '', after = '', ref = ''] = line.trim().split(' ');
    if (ref !== '') commands.push({ before, after, ref });
    sideband ||= capabilities.includes('side-band-64k');
    at += length;
  }
  return { commands, sideband };
}

/** The report git shows a pusher some of whose refs were refused: `! [remote rejected] main -> main (reason)`. */
export function report(
  commands: RefCommand[],
  refused: Map<string, string>,
  sideband: boolean,
): Buffer {
  const lines = commands.map(({ ref }) => {
    const reason = refused.get(ref);
    return packet(reason === undefined ? `ok ${ref}\n` : `ng ${ref} ${reason}\n`);
  });
  const status = Buffer.concat([packet('unpack ok\n'), ...lines, Buffer.from(FLUSH)]);
  if (!sideband) return status;
  const banded = Buffer.concat([Buffer.from([REPORT_BAND]), status]);
  return Buffer.concat([packet(banded), Buffer.from(FLUSH)]);
}

function packet(content: string | Buffer): Buffer {
  const data = Buffer.from(content as string);
  const length = (data.length + 4).toString(16).padStart(4, '0');
  return Buffer.concat([Buffer.from(length), data]);
}
