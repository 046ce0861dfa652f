import { expect, it } from 'vitest';
import { hasMarker, renderMarker, withMarker } from '#src/render/text/marker.ts';

it('stands alone on the first line', () => {
  expect(withMarker({ instance: 'main', kind: 'gate', run: 'R2345ABC', gate: 'G1' }, 'text')).toBe(
    '<!-- sluice1 inst=main kind=gate run=R2345ABC gate=G1 -->\ntext',
  );
});

it('is found again, also with the line ends of a browser', () => {
  const marker = { instance: 'main', kind: 'run', run: 'R2345ABC' } as const;

  expect(hasMarker(`${renderMarker(marker)}\r\ntext`, marker)).toBe(true);
});

it('is not taken for that of another run, nor found inside a text', () => {
  const marker = { instance: 'main', kind: 'run', run: 'R2345ABC' } as const;

  expect(hasMarker(`text\n${renderMarker(marker)}`, marker)).toBe(false);
  expect(hasMarker(renderMarker({ ...marker, run: 'R2345ABD' }), marker)).toBe(false);
  expect(hasMarker(renderMarker({ ...marker, instance: 'other' }), marker)).toBe(false);
});

it('cannot be ended by what it holds', () => {
  expect(renderMarker({ instance: 'a --> b', kind: 'answer', key: 'x-->\n<b>' })).toMatch(
    /^<!-- sluice1 [\w=./: -]+ -->$/,
  );
});
