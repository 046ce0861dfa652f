/** Names of workflows and steps ignore case, and `_` is `-`. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
