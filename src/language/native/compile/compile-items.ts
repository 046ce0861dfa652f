import type { ItemsSource } from '../../../plan/plan.ts';
import type { ItemsSpec } from '../schema/work.ts';

/** Where the members of a foreach come from. */
export function compileItems(items: ItemsSpec): ItemsSource {
  if (typeof items === 'string') return { type: 'output', path: items.replace(/^outputs\./, '') };
  if ('file' in items) {
    return { type: 'file', path: items.file, format: items.format ?? formatOf(items.file) };
  }
  return 'files' in items ? { type: 'files', glob: items.files } : { type: 'list', items };
}

function formatOf(file: string): 'json' | 'csv' | 'yaml' {
  if (file.endsWith('.csv')) return 'csv';
  return file.endsWith('.json') ? 'json' : 'yaml';
}
