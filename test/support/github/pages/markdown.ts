import { Marked, type RendererObject, type TokenizerAndRendererExtension } from 'marked';
import { escape, Html } from './html.ts';

const KEPT_TAGS = /<!--[\s\S]*?-->|<(\/?)(details|summary|sub|sup|kbd|br)(\s+open)?\s*\/?>/gi;
const SAFE_LINK = /^(https?:|mailto:|\/|#|\.)/i;
const ALERT = /^\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*(?:<br>)?/i;
const ALERT_SIGNS: Record<string, string> = {
  note: 'ℹ️',
  tip: '💡',
  important: '💬',
  warning: '⚠️',
  caution: '🛑',
};

/** GitHub-flavoured Markdown of anybody as safe markup. `repository` gives `#12` and `@bob` their targets. */
export function markdown(text: string | null, repository: string): Html {
  const source = text?.trim() ?? '';
  if (source === '') return new Html('<p class="quiet"><em>No description provided.</em></p>');
  const marked = new Marked({ gfm: true, breaks: true, async: false });
  marked.use({ renderer, extensions: [issueLinks(repository), mentions] });
  return new Html(marked.parse(source) as string);
}

const renderer: RendererObject = {
  html({ text }) {
    return withKeptTags(text);
  },

  code({ text, lang }) {
    const language = /^\w*/.exec(lang ?? '')?.[0] ?? '';
    const source = escape(text);
    if (language === 'mermaid') {
      return `<div class="mermaid" data-source="${source}"><pre>${source}</pre></div>`;
    }
    if (language === 'diff')
      return `<pre><code>${text.split('\n').map(diffLine).join('\n')}</code></pre>`;
    return `<pre><code class="language-${language}">${source}</code></pre>`;
  },

  link({ href, tokens }) {
    const inside = this.parser.parseInline(tokens);
    return SAFE_LINK.test(href) ? `<a href="${escape(href)}" rel="nofollow">${inside}</a>` : inside;
  },

  image({ href, text }) {
    return SAFE_LINK.test(href)
      ? `<a href="${escape(href)}" rel="nofollow">🖼 ${escape(text || 'image')}</a>`
      : escape(text);
  },

  blockquote({ tokens }) {
    const inside = this.parser.parse(tokens);
    const kind = ALERT.exec(inside)?.[1]?.toLowerCase();
    if (kind === undefined) return `<blockquote>${inside}</blockquote>`;
    const title = `<p class="alert-title">${ALERT_SIGNS[kind]} ${kind}</p>`;
    return `<div class="alert ${kind}">${title}${inside.replace(ALERT, '<p>')}</div>`;
  },

  table({ header, rows }) {
    const cells = (row: typeof header, tag: string) =>
      row
        .map(({ tokens, align }) => {
          const side = align === null ? '' : ` class="${align}"`;
          return `<${tag}${side}>${this.parser.parseInline(tokens)}</${tag}>`;
        })
        .join('');
    const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('');
    return `<div class="scroll"><table><thead><tr>${cells(header, 'th')}</tr></thead><tbody>${body}</tbody></table></div>`;
  },
};

/** Escapes raw HTML but for a few tags without attributes; comments vanish. */
function withKeptTags(text: string): string {
  let result = '';
  let at = 0;
  for (const match of text.matchAll(KEPT_TAGS)) {
    result += escape(text.slice(at, match.index));
    at = match.index + match[0].length;
    const [, slash = '', tag, open = ''] = match;
    if (tag !== undefined) result += `<${slash}${tag.toLowerCase()}${open}>`;
  }
  return result + escape(text.slice(at));
}

function diffLine(line: string): string {
  const kind = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same';
  return `<span class="line ${kind}">${escape(line)}</span>`;
}

const issueLinks = (repository: string): TokenizerAndRendererExtension => ({
  name: 'issue',
  level: 'inline',
  start: (text) => text.search(/(?<![\w&/])#\d/),
  tokenizer(text) {
    const match = /^#(\d+)\b/.exec(text);
    return match === null ? undefined : { type: 'issue', raw: match[0], number: match[1] };
  },
  renderer: ({ raw, number }) =>
    `<a href="/${escape(repository)}/issues/${String(number)}">${escape(raw)}</a>`,
});

const mentions: TokenizerAndRendererExtension = {
  name: 'mention',
  level: 'inline',
  start: (text) => text.search(/(?<![\w`])@\w/),
  tokenizer(text) {
    const match = /^@([a-z\d][a-z\d-]*(?:\/[\w-]+)?)/i.exec(text);
    return match === null ? undefined : { type: 'mention', raw: match[0] };
  },
  renderer: ({ raw }) => `<span class="mention">${escape(raw)}</span>`,
};
