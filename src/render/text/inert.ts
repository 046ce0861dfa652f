/**
 * Titles and commit messages are not Markdown, and still GitHub looks in them for people, issues
 * and commands to close issues. So nothing of the kind may be left in words that are not ours.
 */

/** For a title, which people read: a zero-width space breaks up what would be a reference. */
export function inertTitle(text: string): string {
  return text.replace(REFERENCE, `$&${PART}`);
}

/** For the subject of a commit, which must stay plain: the characters are removed. */
export function inertSubject(text: string): string {
  return text
    .replace(/[@#]+(?=\w)/g, '')
    .replace(/https?:\/\/\S*/gi, 'link')
    .replace(/gh-(?=\d)/gi, (key) => `${key.slice(0, 2)} `);
}

const PART = '\u200B';
const REFERENCE = /[@#](?=[@#]*\w)|gh-(?=\d)|https?:\/\/(?=\S)/gi;
