import { expect, it } from 'vitest';
import { renderMarker, withMarker } from '#src/render/text/marker.ts';

it('stands alone on the first line', () => {
  expect(withMarker({ instance: 'main', kind: 'gate', run: 'R2345ABC', gate: 'G1' }, 'text')).toBe(
    '<!-- sluice1 inst=main kind=gate run=R2345ABC gate=G1 -->\ntext',
  );
});

it('cannot be ended by what it holds', () => {
  expect(renderMarker({ instance: 'a --> b', kind: 'answer', key: 'x-->\n<b>' })).toMatch(
    /^<!-- sluice1 [\w=./: -]+ -->$/,
  );
});
