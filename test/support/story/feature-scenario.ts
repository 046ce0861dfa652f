import type { Scenario, ScriptEntry, ScriptStep } from '../scripted/scenario.ts';

/** The issue the story is about. */
export const STORY_ISSUE = {
  title: 'Greet people in their own language',
  body: 'Our greeting is English only. `greet(name, language)` should know English, Spanish and French, and fall back to English for anything else.',
};

/** The repository the story plays in. */
export const STORY_FILES: Readonly<Record<string, string>> = {
  'README.md':
    "# demo\n\nA small library that greets people.\n\n```js\ngreet('Ada') // Hello, Ada!\n```\n",
  'package.json': `${JSON.stringify({ name: 'demo', version: '1.0.0', type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'src/greet.js': 'export const greet = (name) => `Hello, ${name}!`;\n',
  'test/greet.test.js':
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { greet } from '../src/greet.js';\n\ntest('greets in English', () => {\n  assert.equal(greet('Ada'), 'Hello, Ada!');\n});\n",
};

const GREET = `const GREETINGS = {
  en: (name) => \`Hello, \${name}!\`,
  es: (name) => \`¡Hola, \${name}!\`,
  fr: (name) => \`Bonjour, \${name} !\`,
};

/** Greets in English, Spanish or French; in English for any other language. */
export const greet = (name, language = 'en') => (GREETINGS[language] ?? GREETINGS.en)(name);
`;

const REWORKED = GREET.replace(
  '(GREETINGS[language] ?? GREETINGS.en)(name)',
  '\n  (Object.hasOwn(GREETINGS, language) ? GREETINGS[language] : GREETINGS.en)(name)',
);

const TESTS = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greet } from '../src/greet.js';

for (const [language, expected] of [
  ['en', 'Hello, Ada!'],
  ['es', '¡Hola, Ada!'],
  ['fr', 'Bonjour, Ada !'],
  ['tlh', 'Hello, Ada!'],
  ['constructor', 'Hello, Ada!'],
]) {
  test(\`greets in \${language}\`, () => {
    assert.equal(greet('Ada', language), expected);
  });
}
`;

type Play = readonly [
  beginning: string,
  steps: readonly ScriptStep[],
  tokens: readonly [number, number],
];

const PLAYS: readonly Play[] = [
  [
    'Learn this repository',
    [
      {
        text: 'A library of one function, `greet(name)`, in `src/greet.js`, with one test in `test/greet.test.js`.\n\nTests run with `npm test` (node --test). There are no dependencies and no build step. The README shows the one call.',
      },
    ],
    [3200, 210],
  ],
  [
    'Find out what has to be known',
    [
      {
        text: 'Language tags come as BCP 47 (`en`, `es-MX`). The issue asks for three languages and a fallback, so a lookup table is enough.\n\n**Open question:** whether `es-MX` counts as Spanish. The issue does not say; treating it as unknown is the smallest promise.',
      },
    ],
    [4100, 260],
  ],
  [
    'Write the brief',
    [
      {
        text: 'People are greeted in English whatever they speak. `greet(name, language)` greets in English, Spanish or French and never fails on a language it does not know.\n\nOut of scope: plural forms, regions, more languages.',
      },
    ],
    [3900, 190],
  ],
  [
    'Write the specification',
    [
      {
        text: '1. `greet(name)` keeps its result.\n2. `greet(name, "es")` is `¡Hola, <name>!`; `"fr"` is `Bonjour, <name> !`.\n3. Any other language gives the English greeting, also for names such as `constructor`.\n4. Nothing throws because of the language.',
      },
    ],
    [4400, 240],
  ],
  [
    'Design how the feature fits',
    [
      {
        text: 'A table from language to a function, private to `src/greet.js`; `greet` looks the language up and falls back to `en`. One file changes, `src/greet.js`; callers stay as they are.',
      },
    ],
    [4700, 230],
  ],
  [
    'Implement the feature',
    [
      { write: { path: 'src/greet.js', content: GREET } },
      {
        text: 'Add greetings in Spanish and French, with English as the fallback.\n\nChanged `src/greet.js` only; `npm test` passes.',
      },
    ],
    [9100, 840],
  ],
  [
    'Prepare the decision of the people at the first gate',
    [
      {
        text: 'The change does what the issue asks, in one file and without a dependency.\n\nWorth knowing before you decide: the lookup also finds what every object inherits, so `greet("Ada", "constructor")` does not fall back. The reviews will look at it.',
      },
    ],
    [5200, 300],
  ],
  [
    'Review the change for correctness',
    [
      {
        text: '**blocker** `src/greet.js:8` `GREETINGS[language]` finds inherited properties: `greet("Ada", "constructor")` returns an object, not a greeting. Use `Object.hasOwn`.\n\n**note** `src/greet.js:7` say in the comment what happens with `es-MX`.',
      },
    ],
    [6100, 420],
  ],
  [
    'Review the change for security',
    [
      {
        text: '**blocker** `src/greet.js:8` the language comes from callers; looking it up in a plain object reaches the prototype. Nothing is executed with attacker input, but the result is no string.\n\nNo secrets, no new dependency.',
      },
    ],
    [5800, 350],
  ],
  [
    'Review the change for performance',
    [{ text: 'No finding. The table is built once; a call costs one lookup.' }],
    [5300, 120],
  ],
  [
    'Compare what was asked with what was built',
    [
      {
        text: 'Everything that was asked for is there. **debt** The README does not mention the second parameter.',
      },
    ],
    [5500, 160],
  ],
  [
    'Look for trouble this change causes',
    [
      {
        text: 'No caller passes a second argument today, so nothing changes for them. **debt** There is no test for the new languages.',
      },
    ],
    [5400, 170],
  ],
  [
    'Work through the five reviews',
    [
      { write: { path: 'src/greet.js', content: REWORKED } },
      {
        text: 'Look the language up among own properties only.\n\nFixes both blockers; the debt items are for the next two steps.',
      },
    ],
    [9800, 520],
  ],
  [
    'Design and write the tests',
    [
      { write: { path: 'test/greet.test.js', content: TESTS } },
      { text: 'Test every language, the fallback and inherited names.' },
    ],
    [7200, 610],
  ],
  [
    'Judge whether the tests would notice',
    [
      {
        text: 'Each requirement has a test that fails without it: removing the fallback, a language or `Object.hasOwn` breaks at least one.',
      },
    ],
    [5100, 180],
  ],
  [
    'Document the feature',
    [
      {
        edit: {
          path: 'README.md',
          find: "greet('Ada') // Hello, Ada!",
          replace:
            "greet('Ada') // Hello, Ada!\ngreet('Ada', 'es') // ¡Hola, Ada!\ngreet('Ada', 'fr') // Bonjour, Ada !",
        },
      },
      { text: 'Show the languages in the README.' },
    ],
    [4800, 260],
  ],
  [
    'Prepare the last decision',
    [
      {
        text: 'Ready. All four requirements are met and tested, both blockers are fixed, the README is up to date.\n\n**Left open:** regional tags such as `es-MX` are greeted in English.',
      },
    ],
    [6400, 300],
  ],
];

export interface StoryOptions {
  /** How long each step takes at least. */
  readonly delayMs?: number;
  /** Plays that come before the story's own, such as a step that fails. */
  readonly before?: readonly ScriptEntry[];
}

/** What the scripted agent does in each of the 17 steps of the built-in `feature` workflow. */
export function featureScenario({ delayMs = 0, before = [] }: StoryOptions = {}): Scenario {
  return { prompts: [...before, ...PLAYS.map((play) => entryFor(play, delayMs)), ...ANYTHING] };
}

function entryFor([beginning, steps, [input, output]]: Play, delayMs: number): ScriptEntry {
  const pause: ScriptStep[] = delayMs > 0 ? [{ delay: delayMs }] : [];
  const usage = { usage: { input, output, cost: (input * 3 + output * 15) / 1_000_000 } };
  return { match: `(?:^|\n)${beginning}`, steps: [...pause, ...steps, usage] };
}

const ANYTHING: readonly ScriptEntry[] = [
  {
    steps: [
      { text: 'Nothing had to be changed.' },
      { usage: { input: 1000, output: 20 } },
      { result: 'auto' },
    ],
  },
];
