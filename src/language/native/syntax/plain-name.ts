/** Names of workflows and steps are the same in any case, and `_` is `-`. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
