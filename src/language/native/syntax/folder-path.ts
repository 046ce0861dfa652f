/** True for a path that stays inside its folder on every system. */
export function isFolderPath(path: string): boolean {
  if (path === '' || path.length > 200 || /[\\\0:]/.test(path) || path.startsWith('/'))
    return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
