export const KEYWORDS: ReadonlySet<string> = new Set(
  'if then else elif fi for while until do done case esac in { } ! function time'.split(' '),
);

type Token =
  | { readonly type: 'separator' }
  | {
      readonly type: 'word';
      readonly text: string;
      /** Contains nothing the shell would replace. */
      readonly isPlain: boolean;
      /** Lines inside `$(…)` and backticks. */
      readonly nested: readonly string[];
    };

const SUBSTITUTION = /\$\(((?:[^()]|\([^()]*\))*)\)|`([^`]*)`/g;
const WORD =
  /(?:\$\((?:[^()]|\([^()]*\))*\)|`[^`]*`|'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]|[^\s;|&()<>'"`\\])+/y;
const REDIRECTION = /\d*(?:>>|>\||>&|<&|<>|>|<)\s*(?:&?\d+-?|-)?/y;

/** Splits a line the way a shell does, without running any of it. */
export function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let isTarget = false;
  while (at < line.length) {
    const redirection = matchAt(REDIRECTION, line, at);
    if (redirection !== null) {
      at += redirection.length;
      isTarget = /[<>|]\s*$/.test(redirection);
      continue;
    }
    const word = matchAt(WORD, line, at);
    if (word === null) {
      if (/[;|&()\n]/.test(line[at] ?? '')) tokens.push({ type: 'separator' });
      at += 1;
      continue;
    }
    at += word.length;
    if (!isTarget) tokens.push(wordOf(word));
    isTarget = false;
  }
  return tokens;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function wordOf(raw: string): Token {
  // An apostrophe inside double quotes opens nothing.
  const outside = raw.replaceAll(/(\\[^]|"(?:\\[^]|[^"\\])*")|'[^']*'/g, '$1');
  const nested = [...outside.matchAll(SUBSTITUTION)].map((match) => match[1] ?? match[2] ?? '');
  const text = raw.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, '$1$2$3');
  return { type: 'word', text, isPlain: !/[$`*?[]/.test(outside) || raw === '[', nested };
}
