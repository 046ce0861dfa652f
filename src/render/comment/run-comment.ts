import { openItemsOf } from '../../engine/read/open-items.ts';
import type { Trigger } from '../../engine/state/run-context.ts';
import { cleanLine, code } from '../text/clean-text.ts';
import { byteLength } from '../text/cut-text.ts';
import { formatBar, formatCount, formatUsd } from '../text/format.ts';
import { withMarker } from '../text/marker.ts';
import { fold, footer, titleLine } from './comment-frame.ts';
import { followUpLink } from './debts.ts';
import { renderDiagram } from './diagram.ts';
import { renderHistory } from './history.ts';
import { nowLine } from './now-text.ts';
import { openItemLines } from './open-item-lines.ts';
import type { ReportInput } from './report-input.ts';
import { renderStepTable } from './step-table.ts';

/** The one comment that always shows where a run stands. At most 20,000 bytes. */
export function renderRunComment(input: ReportInput): string {
  const { run, settings } = input;
  const marker = { instance: settings.instance, kind: 'run', run: run.id } as const;
  const fixed = [
    `### ${titleLine(input)}\n${originLine(input)}`,
    [...budgetLines(input), nowLine(input)].join('\n'),
  ];
  for (const size of SIZES) {
    const body = [
      fixed[0],
      renderStepTable(input, 25, size.foldedRows),
      fixed[1],
      ...openItemsFold(input, size.items),
      ...diagramFold(input, size.diagram),
      ...historyFold(input, size.history),
      footer(input),
    ].join('\n\n');
    if (byteLength(body) <= MAX_BYTES - 200) return withMarker(marker, body);
  }
  return withMarker(marker, [...fixed, footer(input)].join('\n\n'));
}

const MAX_BYTES = 20_000;

/** From everything down to the least; the first that fits is used. */
const SIZES = [
  { foldedRows: 75, diagram: true, history: 40, items: 20 },
  { foldedRows: 75, diagram: true, history: 15, items: 20 },
  { foldedRows: 40, diagram: false, history: 15, items: 10 },
  { foldedRows: 10, diagram: false, history: 0, items: 5 },
] as const;

function originLine({ context, run, links }: ReportInput): string {
  const { via, login, text } = context.trigger;
  const parts = [
    `**${cleanLine(context.subject.title, 200)}**`,
    `run ${code(run.id)}`,
    `started by ${cleanLine(login, 40)} ${VIA[via]}${TOLD.has(via) ? ` ${code(text)}` : ''}`,
    ...(links.runPage === null ? [] : [`[details](${links.runPage})`]),
    ...(links.pullRequest === null
      ? []
      : [`[PR #${links.pullRequest.number}](${links.pullRequest.url})`]),
    ...followUpLink(links),
  ];
  return parts.join(' · ');
}

/** Ways to start whose text says more than the way itself. */
const TOLD: ReadonlySet<string> = new Set(['label', 'comment', 'fallback']);

const VIA: Readonly<Record<Trigger['via'], string>> = {
  label: 'with label',
  comment: 'with',
  button: 'with a button',
  rerun: 'with Re-run',
  schedule: 'by schedule',
  cli: 'from the command line',
  dashboard: 'in the dashboard',
  client: 'from a client',
  fallback: 'in place of',
};

/** Only if the workflow has a budget; what was used of it is shown just once. */
function budgetLines({ plan, run }: ReportInput): readonly string[] {
  const { budget } = plan.policies;
  const { inputTokens, outputTokens, usd } = run.counters.usage;
  const tokens = inputTokens + outputTokens;
  const parts: string[] = [];
  if (budget?.maxTokens != null) {
    const bar = formatBar(tokens, budget.maxTokens);
    parts.push(`${bar} ${formatCount(tokens)} of ${formatCount(budget.maxTokens)} tokens`);
  }
  if (budget?.maxUsd != null) {
    const bar = budget.maxTokens === null ? `${formatBar(usd ?? 0, budget.maxUsd)} ` : '';
    parts.push(`${bar}${formatUsd(usd ?? 0)} of ${formatUsd(budget.maxUsd)}`);
  }
  const alerts = run.alerts.map((alert) => `⚠️ ${cleanLine(alert, 200)}`);
  const line = parts.length === 0 ? [] : [`**Budget** ${parts.join(' · ')}`];
  return [...line, ...alerts];
}

/** Conditions of approvals that nobody has settled or accepted yet. */
function openItemsFold({ plan, run }: ReportInput, most: number): readonly string[] {
  const items = openItemsOf(plan, run);
  const lines = openItemLines(items, most).map((line) => `- ${line}`);
  return items.length === 0 ? [] : [fold(`Open items (${items.length})`, lines.join('\n'))];
}

function diagramFold({ plan, run }: ReportInput, isWanted: boolean): readonly string[] {
  const diagram = isWanted ? renderDiagram(plan, run) : null;
  return diagram === null ? [] : [fold('Diagram', `\`\`\`mermaid\n${diagram}\n\`\`\``)];
}

function historyFold({ records }: ReportInput, latest: number): readonly string[] {
  const { count, text } = renderHistory(records, latest);
  return count === 0 || latest === 0 ? [] : [fold(`What happened (${count})`, text)];
}
