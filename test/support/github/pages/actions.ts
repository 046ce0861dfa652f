import type { Extension } from '../extension/extension.ts';
import { PersonRefused } from '../person.ts';
import { personOf } from './view.ts';

/** Does what a form asks, in the viewer's name; returns where to go next, or why GitHub refused. */
export async function perform(
  extension: Extension,
  viewer: string,
  form: URLSearchParams,
): Promise<{ next: string | null } | { refused: string }> {
  const field = (name: string) => form.get(name) ?? '';
  const repository = field('repository');
  const number = Number(field('number'));
  const person = personOf(extension, viewer, repository);
  const actions: Record<string, () => Promise<unknown>> = {
    'create-issue': async () => {
      const issue = await person.createIssue({ title: field('title'), body: field('body') });
      return `/${repository}/issues/${issue.number}`;
    },
    comment: async () => {
      if (field('body').trim() !== '') await person.comment(number, field('body'));
      const state = field('state');
      if (state === 'open' || state === 'closed') await person.editIssue(number, { state });
    },
    label: () => person.label(number, field('label').trim()),
    unlabel: () => person.unlabel(number, field('label')),
    merge: () => person.merge(number),
    press: () => person.press(Number(field('run')), field('identifier')),
    rerequest: () => person.rerequest(Number(field('run'))),
  };
  const action = actions[field('action')];
  if (action === undefined) return { refused: `nothing is called "${field('action')}"` };
  try {
    const next = await action();
    return { next: typeof next === 'string' ? next : null };
  } catch (error) {
    if (error instanceof PersonRefused) return { refused: error.message };
    throw error;
  }
}
