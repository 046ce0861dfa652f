import type { ChangedFile } from '../extension/pull-facts.ts';
import { type Html, html } from './html.ts';
import { plural } from './pieces.ts';

export function diffOf(files: ChangedFile[]): Html {
  const added = files.reduce((sum, file) => sum + file.additions, 0);
  const removed = files.reduce((sum, file) => sum + file.deletions, 0);
  return html`
    <p class="quiet">
      ${plural(files.length, 'changed file')} with <b class="plus">${plural(added, 'addition')}</b> and
      <b class="minus">${plural(removed, 'deletion')}</b>
    </p>
    ${files.map(fileDiff)}`;
}

function fileDiff(file: ChangedFile): Html {
  return html`
    <details class="box file-diff" open>
      <summary class="box-head">
        <code>${file.filename}</code>
        ${file.status !== 'modified' && html`<span class="tag">${file.status}</span>`}
        <span class="counts"><b class="plus">+${file.additions}</b> <b class="minus">−${file.deletions}</b></span>
      </summary>
      ${
        file.patch === undefined
          ? html`<p class="quiet pad">Binary or empty file.</p>`
          : html`<table class="diff"><tbody>${patchLines(file.patch)}</tbody></table>`
      }
    </details>`;
}

function patchLines(patch: string): Html[] {
  let before = 0;
  let after = 0;
  return patch.split('\n').map((line) => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk !== null) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      return row('hunk', '', '', line);
    }
    if (line.startsWith('+')) return row('added', '', after++, line);
    if (line.startsWith('-')) return row('removed', before++, '', line);
    if (line.startsWith('\\')) return row('same', '', '', line);
    return row('same', before++, after++, line);
  });
}

function row(kind: string, before: number | string, after: number | string, line: string): Html {
  return html`<tr class="${kind}"><td class="n">${before}</td><td class="n">${after}</td><td class="code">${line}</td></tr>`;
}
