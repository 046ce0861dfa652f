/** The root of everything this application throws on purpose. Decide by `code`, never by message. */
export class AppError extends Error {
  readonly code: string;
  /** Ids that belong to the failure, for the log line: `{ runId, stepId }`. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; fields?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.fields = options.fields ?? {};
  }
}
