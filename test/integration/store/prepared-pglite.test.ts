import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PreparedPGlite } from '#src/store/prepared-pglite.ts';

let prepared: PreparedPGlite;
let plain: PGlite;
beforeAll(async () => {
  prepared = await PreparedPGlite.open();
  plain = await PGlite.create();
  for (const pglite of [prepared, plain]) {
    await pglite.exec('create table things (id integer primary key, name text, extra json)');
  }
});
afterAll(async () => {
  await prepared.close();
  await plain.close();
});

async function names(): Promise<unknown[]> {
  const { rows } = await prepared.query<{ name: string }>('select name from things order by id');
  return rows.map(({ name }) => name);
}

it.each([
  ['numbers', 'select $1::integer as a, $2::bigint as b, $3::float8 as c', [1, 2 ** 40, 0.5]],
  ['texts', 'select $1::text as a, $2::text as b', ['', 'Ünï\n\\"😀']],
  ['nothing', 'select $1::text as a, $2::json as b', [null, undefined]],
  ['JSON', 'select $1::json as a, $2::jsonb as b', [{ a: [1] }, '{"b":null}']],
  ['booleans', 'select $1::boolean as a, $2::boolean as b', [true, false]],
  ['times', 'select $1::timestamptz as a', [new Date('2026-11-21T08:00:00Z')]],
  [
    'lists',
    'select $1::text[] as a, $2::integer[] as b',
    [
      ['x', 'y,"z"'],
      [1, 2],
    ],
  ],
  ['bytes', 'select $1::bytea as a', [new Uint8Array([0, 1, 255])]],
  ['no rows', 'select id from things where id = $1', [0]],
])('gives back %s as PGlite does', async (_what, text, values) => {
  for (let time = 0; time < 3; time += 1) {
    const { rows, fields } = await prepared.query(text, values);

    const expected = await plain.query(text, values);
    expect({ rows, fields }).toEqual({ rows: expected.rows, fields: expected.fields });
  }
});

it('counts the rows that were written', async () => {
  const insert = 'insert into things (id, name) values ($1, $2), ($3, $4)';

  const inserted = await prepared.query(insert, [1, 'one', 2, 'two']);
  const updated = await prepared.query('update things set name = $1 where id = $2', ['II', 2]);

  expect([inserted.affectedRows, updated.affectedRows]).toEqual([2, 1]);
  expect(await names()).toEqual(['one', 'II']);
});

it('reports an error with its code and goes on', async () => {
  const insert = 'insert into things (id) values ($1)';
  await prepared.query(insert, [10]);

  await expect(prepared.query(insert, [10])).rejects.toMatchObject({ code: '23505' });

  await prepared.query(insert, [11]);
  await prepared.query('delete from things where id >= $1', [10]);
});

it('takes back what a transaction wrote that failed, and keeps its statements', async () => {
  const before = await names();
  const insert = 'insert into things (id, name) values ($1, $2)';

  const failing = prepared.transaction(async (tx) => {
    await tx.query(insert, [20, 'twenty']);
    await tx.query(insert, [20, 'again']);
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });

  expect(await names()).toEqual(before);
  await prepared.query(insert, [20, 'twenty']);
  expect(await names()).toEqual([...before, 'twenty']);
});

it('lets no query of others into an open transaction', async () => {
  let seen: Promise<unknown[]> | undefined;

  await prepared.transaction(async (tx) => {
    await tx.query('update things set name = $1 where id = $2', ['halfway', 1]);
    seen = names();
    await tx.query('update things set name = $1 where id = $2', ['done', 1]);
  });

  expect((await seen)?.[0]).toBe('done');
});

it('makes a new plan when a table has changed under the old one', async () => {
  const everything = 'select * from things where id = $1';
  await prepared.query(everything, [1]);
  await prepared.exec('alter table things add column more text');

  await prepared.query(everything, [1]).catch(() => undefined);

  const { rows } = await prepared.query(everything, [1]);
  expect(rows).toEqual([{ id: 1, name: 'done', extra: null, more: null }]);
});

it('does not keep a statement for ever', async () => {
  for (let count = 1; count <= 450; count += 1) {
    await prepared.query(`select $1::integer + ${count} as sum`, [count]);
  }

  const { rows } = await prepared.query<{ kept: number }>(
    'select count(*)::integer as kept from pg_prepared_statements',
  );

  expect(rows[0]?.kept).toBeLessThanOrEqual(202);
});

it('lets the event loop turn during a long row of queries', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);

  for (let count = 0; count < 500; count += 1) await names();
  clearInterval(timer);

  expect(turns).toBeGreaterThan(0);
});
