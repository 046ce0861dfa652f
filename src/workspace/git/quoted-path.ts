const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** The bytes of a path as git prints it: in double quotes with C escapes if it holds anything unusual. */
export function pathBytes(printed: string): Buffer {
  if (!printed.startsWith('"')) return Buffer.from(printed);
  const inner = printed.slice(1, -1);
  const parts = inner.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/g);
  return Buffer.concat([...parts].map(([, octal, escape, plain]) => bytesOf(octal, escape, plain)));
}

/** The same for people and patterns; bytes that are not UTF-8 show as U+FFFD. */
export function pathText(printed: string): string {
  return printed.startsWith('"') ? pathBytes(printed).toString('utf8') : printed;
}

function bytesOf(octal?: string, escape?: string, plain?: string): Buffer {
  if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8)]);
  if (escape !== undefined) return Buffer.from([ESCAPES[escape] ?? escape.charCodeAt(0)]);
  return Buffer.from(plain ?? '');
}
