/** The candidate that was probably meant, with at most one letter in `share` wrong; null if none is close. */
export function nearest(word: string, candidates: Iterable<string>, share = 3): string | null {
  const wanted = normalise(word);
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of candidates) {
    const distance = editDistance(wanted, normalise(name));
    const allowed = Math.floor(Math.max(wanted.length, name.length) / share);
    if (distance <= allowed && (best === null || distance < best.distance)) {
      best = { name, distance };
    }
  }
  return best === null ? null : best.name;
}

/** ` Did you mean …?` for the end of a message, or nothing. */
export function didYouMean(suggestion: string | null): string {
  return suggestion === null ? '' : ` Did you mean \`${suggestion}\`?`;
}

/** Case and the choice between `-`, `_` and a blank are the commonest slips, so they cost nothing. */
function normalise(word: string): string {
  return word.slice(0, 100).toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      const options = [
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      ];
      const swapped = row > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) options.push((older[column - 2] ?? 0) + 1);
      current.push(Math.min(...options));
    }
    older = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
