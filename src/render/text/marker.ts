/** The hidden first line of what we post: for people, and to find it again after a disaster. */
export interface Marker {
  readonly instance: string;
  readonly kind:
    | 'run'
    | 'gate'
    | 'end'
    | 'pull-request'
    | 'reminder'
    | 'answer'
    | 'problems'
    | 'follow-up';
  readonly run?: string | undefined;
  readonly gate?: string | undefined;
  /** What it answers, so that one thing is answered once. */
  readonly key?: string | undefined;
}

/** The first line of a comment of ours. Only counts as ours if our app is the author. */
export function renderMarker({ instance, kind, run, gate, key }: Marker): string {
  const facts = { inst: instance, kind, run, gate, key };
  const words = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${safe(value)}`],
  );
  return `<!-- sluice1 ${words.join(' ')} -->`;
}

export function withMarker(marker: Marker, body: string): string {
  return `${renderMarker(marker)}\n${body}`;
}

/** Never ends the comment it is in. */
function safe(value: string): string {
  return (
    value
      .replace(/[^\w./:-]/g, '_')
      .replace(/--+/g, '-')
      .slice(0, 200) || '_'
  );
}
