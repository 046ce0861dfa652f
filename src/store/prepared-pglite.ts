import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  messages,
  PGlite,
  parse,
  protocol,
  type QueryOptions,
  type Results,
  type Transaction,
} from '@electric-sql/pglite';

/** A message from the database. */
type Answer = Awaited<ReturnType<PGlite['execProtocolStream']>>[number];

interface Statement {
  readonly name: string;
  /** Types of its parameters. */
  readonly parameters: readonly number[];
  /** Describes its rows; undefined if it returns none. */
  readonly columns: Answer | undefined;
  uses: number;
}

const { serialize } = protocol;
const PREPARABLE = /^\s*(?:select|insert|update|delete|with)\b/i;
/** We have fewer than that; those with a varying number of rows come on top. */
const MOST_STATEMENTS = 200;
/** A plan is made for tables of a certain size, and tables grow. */
const MOST_USES = 1_000;
const LONGEST_TURN_MS = 5;

/**
 * PGlite makes six calls to its database for each query, which parses and plans it every time. This
 * makes one and keeps the plan, which is several times faster. It also lets the event loop turn now
 * and then: the embedded database answers without doing so, and a backlog would starve requests.
 */
export class PreparedPGlite extends PGlite {
  /** By text, least recently used first. */
  readonly #statements = new Map<string, Statement>();
  /** Names that the database can forget. */
  #unused: string[] = [];
  #named = 0;
  #turn = 0;

  /** Without a directory, everything stays in memory. */
  static async open(dataDir?: string): Promise<PreparedPGlite> {
    const pglite = new PreparedPGlite(dataDir === undefined ? {} : { dataDir });
    await pglite.waitReady;
    return pglite;
  }

  override async query<Row>(
    text: string,
    values: unknown[] = [],
    options?: QueryOptions,
  ): Promise<Results<Row>> {
    await this.#letTurn();
    if (!isPreparable(text, options)) return super.query<Row>(text, values, options);
    // PGlite itself asks when it is ready, before it has said so.
    if (!this.ready) await this.waitReady;
    // oxlint-disable-next-line no-underscore-dangle -- the lock PGlite's own `query` takes, which has no other name
    return this._runExclusiveTransaction(() => this.#run<Row>(text, values));
  }

  override async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    await this.#letTurn();
    return super.transaction((tx) => work(this.#prepared(tx)));
  }

  async #letTurn(): Promise<void> {
    if (performance.now() - this.#turn < LONGEST_TURN_MS) return;
    await nextTurn();
    this.#turn = performance.now();
  }

  #prepared(tx: Transaction): Transaction {
    return {
      query: <Row>(text: string, values: unknown[] = [], options?: QueryOptions) =>
        tx.closed || !isPreparable(text, options)
          ? tx.query<Row>(text, values, options)
          : this.#run<Row>(text, values),
      sql: (strings, ...values) => tx.sql(strings, ...values),
      exec: (text, options) => tx.exec(text, options),
      rollback: () => tx.rollback(),
      listen: (channel, callback) => tx.listen(channel, callback),
      get closed() {
        return tx.closed;
      },
    };
  }

  async #run<Row>(text: string, values: readonly unknown[]): Promise<Results<Row>> {
    return this.runExclusive(async () => {
      const statement = await this.#statementFor(text);
      try {
        return await this.#execute<Row>(statement, values);
      } catch (error) {
        // A plan whose table has changed is refused; the next use gets a new one.
        this.#forget(text);
        throw error;
      }
    });
  }

  async #statementFor(text: string): Promise<Statement> {
    const known = this.#statements.get(text);
    if (known !== undefined && known.uses < MOST_USES) {
      known.uses += 1;
      this.#statements.delete(text);
      this.#statements.set(text, known);
      return known;
    }
    this.#forget(text);
    const [oldest] = this.#statements.keys();
    if (oldest !== undefined && this.#statements.size >= MOST_STATEMENTS) this.#forget(oldest);
    const statement = await this.#prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  async #prepare(text: string): Promise<Statement> {
    this.#named += 1;
    const name = `sluice_${this.#named}`;
    const answers = await this.#send([
      ...this.#unused.map((unused) => serialize.close({ type: 'S', name: unused })),
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
    ]);
    this.#unused = [];
    const description = answers.find(
      (answer) => answer instanceof messages.ParameterDescriptionMessage,
    );
    const columns = answers.find((answer) => answer instanceof messages.RowDescriptionMessage);
    return { name, parameters: description?.dataTypeIDs ?? [], columns, uses: 1 };
  }

  async #execute<Row>(
    { name, parameters, columns }: Statement,
    values: readonly unknown[],
  ): Promise<Results<Row>> {
    const texts = values.map((value, place) => this.#textOf(value, parameters[place] ?? 0));
    const answers = await this.#send([
      serialize.bind({ statement: name, values: texts }),
      serialize.execute({}),
    ]);
    const told = columns === undefined ? answers : [columns, ...answers];
    const [result] = parse.parseResults(told, this.parsers);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a row holds is the caller's to know, as in PGlite itself
    return (result ?? { rows: [], fields: [] }) as Results<Row>;
  }

  #send(parts: readonly Uint8Array[]): Promise<Answer[]> {
    return this.execProtocolStream(Buffer.concat([...parts, serialize.sync()]), {
      syncToFs: false,
    });
  }

  #textOf(value: unknown, type: number): string | null {
    if (value === null || value === undefined) return null;
    const serializer = this.serializers[type];
    // oxlint-disable-next-line typescript/no-base-to-string -- types without a rule are texts, as in PGlite itself
    return serializer === undefined ? String(value) : serializer(value);
  }

  #forget(text: string): void {
    const statement = this.#statements.get(text);
    if (statement === undefined) return;
    this.#statements.delete(text);
    this.#unused.push(statement.name);
  }
}

function isPreparable(text: string, options: QueryOptions | undefined): boolean {
  const { rowMode = 'object', ...others } = options ?? {};
  return rowMode === 'object' && Object.keys(others).length === 0 && PREPARABLE.test(text);
}
