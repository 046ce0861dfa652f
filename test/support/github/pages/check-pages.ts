import type { Annotation } from '../emulate/rows.ts';
import type { CheckRun } from '../model.ts';
import { type Html, html } from './html.ts';
import { repositoryPage } from './layout.ts';
import { markdown } from './markdown.ts';
import { act, ago, checkSign, checkWords, commitLink } from './pieces.ts';
import type { View } from './view.ts';

export async function checkRunPage(view: View, id: number): Promise<Html> {
  const run = await view.repository.checkRun(id);
  const pulls = (await view.repository.pulls()).filter((pull) => pull.head.sha === run.head_sha);
  return repositoryPage(
    view,
    'pulls',
    run.name,
    html`
      <p class="quiet">Check of ${commitLink(view.name, run.head_sha)}
        ${pulls.map((pull) => html` · <a href="/${view.name}/pull/${pull.number}">${pull.title} #${pull.number}</a>`)}</p>
      ${checkRunBox(view, run)}`,
  );
}

export function checkRunBox(view: View, run: CheckRun): Html {
  const { title, summary, text } = run.output;
  const fields = { repository: view.name, run: run.id };
  const buttons = run.status === 'completed' ? run.actions : [];
  const annotations = view.extension.context.store.checkRuns.get(run.id)?.output.annotations ?? [];
  return html`
    <section class="box check" id="check-${run.id}">
      <div class="box-head">
        ${checkSign(run)} <a href="/${view.name}/runs/${run.id}"><b>${run.name}</b></a>
        <span class="quiet">${checkWords(run)} ${ago(run.completed_at ?? run.started_at)}</span>
        <span class="end">${act('rerequest', fields, html`<button>Re-run</button>`, 'inline')}</span>
      </div>
      ${
        buttons.length > 0 &&
        html`<div class="actions pad">
          ${buttons.map((button) =>
            act(
              'press',
              { ...fields, identifier: button.identifier },
              html`<button class="primary">${button.label}</button> <span class="quiet">${button.description}</span>`,
              'inline',
            ),
          )}
        </div>`
      }
      <div class="pad">
        ${title !== null && html`<h2 class="check-title">${title}</h2>`}
        ${summary !== null && html`<div class="markdown">${markdown(summary, view.name)}</div>`}
        ${text !== null && html`<div class="markdown">${markdown(text, view.name)}</div>`}
        ${title === null && summary === null && html`<p class="quiet">Nothing reported yet.</p>`}
      </div>
      ${annotations.length > 0 && html`<div class="pad">${annotations.map(annotationBox)}</div>`}
    </section>`;
}

function annotationBox(annotation: Annotation): Html {
  const lines =
    annotation.start_line === annotation.end_line
      ? `${annotation.start_line}`
      : `${annotation.start_line}–${annotation.end_line}`;
  return html`
    <div class="annotation ${annotation.annotation_level}">
      <code>${annotation.path}:${lines}</code>
      <p>${annotation.message}</p>
    </div>`;
}
