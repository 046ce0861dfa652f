import { Readable, Writable } from 'node:stream';
import {
  type AgentRequestMethod,
  type AgentRequestParamsByMethod,
  type AgentRequestResponsesByMethod,
  type ClientContext,
  type ContentBlock,
  client,
  type InitializeResponse,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  type PromptResponse,
  RequestError,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionUpdate,
} from '@agentclientprotocol/sdk/unstable';
import { AppError } from '../../errors.ts';

/** What happens in sessions while a step runs. */
export interface AcpListener {
  onUpdate(sessionId: string, update: SessionUpdate): void;
  onPermission(request: RequestPermissionRequest): RequestPermissionResponse;
}

export interface AcpClientOptions {
  /** Asks for failures in the `_meta` of an answer; only some agents know it. */
  sessionFailure: boolean;
}

/** The agent did not answer within a reasonable time for this request. */
export class AcpTimeoutError extends AppError {
  constructor(method: string, timeoutMs: number) {
    super('acp-timeout', `The agent did not answer ${method} within ${timeoutMs} ms`);
  }
}

const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** The only place that knows the protocol's library. One client serves one agent process, one step at a time. */
export class AcpClient {
  readonly #agent: ClientContext;
  readonly #options: AcpClientOptions;
  readonly #close: () => void;
  #listener: AcpListener | undefined;

  constructor(stdin: Writable, stdout: Readable, options: AcpClientOptions) {
    this.#options = options;
    const input: ReadableStream<Uint8Array> = Readable.toWeb(stdout);
    const stream = ndJsonStream(Writable.toWeb(stdin), input, {
      maxMessageBytes: MAX_MESSAGE_BYTES,
    });
    const connection = client({ name: 'sluice' })
      .onNotification(methods.client.session.update, ({ params }) => {
        this.#listener?.onUpdate(params.sessionId, params.update);
      })
      .onRequest(methods.client.session.requestPermission, ({ params }) => {
        return this.#listener?.onPermission(params) ?? { outcome: { outcome: 'cancelled' } };
      })
      .onRequest('*', ({ method }) => {
        throw RequestError.methodNotFound(method);
      })
      .onNotification('*', () => undefined)
      .connect(stream);
    this.#agent = connection.agent;
    this.#close = () => connection.close();
    // A closed connection shows in the requests waiting for an answer.
    connection.closed.catch(() => undefined);
  }

  listen(listener: AcpListener | undefined): void {
    this.#listener = listener;
  }

  /** Offers neither file system nor terminal: the agent works in its own sandbox. */
  initialize(timeoutMs: number): Promise<InitializeResponse> {
    const meta = { jetbrains: { air: { version: 1, capabilities: ['sessionFailure'] } } };
    const params = {
      protocolVersion: PROTOCOL_VERSION,
      clientInfo: { name: 'sluice', version: '1.0.0' },
      clientCapabilities: {
        session: { notices: {} },
        ...(this.#options.sessionFailure && { _meta: meta }),
      },
    };
    return this.request(methods.agent.initialize, params, timeoutMs);
  }

  request<Method extends AgentRequestMethod>(
    method: Method,
    params: AgentRequestParamsByMethod[Method],
    timeoutMs: number,
  ): Promise<AgentRequestResponsesByMethod[Method]> {
    return inTime(this.#agent.request(method, params), method, timeoutMs);
  }

  /** The only way some agents have to choose a model; newer protocol versions dropped it. */
  setModel(sessionId: string, modelId: string, timeoutMs: number): Promise<unknown> {
    const method = 'session/set_model';
    return inTime(this.#agent.request(method, { sessionId, modelId }), method, timeoutMs);
  }

  /** Runs until the agent is done; the step's own limits end it. */
  prompt(sessionId: string, prompt: ContentBlock[]): Promise<PromptResponse> {
    return this.#agent.request(methods.agent.session.prompt, { sessionId, prompt });
  }

  /** Asks the agent to stop. Whatever it answers, the caller knows that it was asked. */
  async cancel(sessionId: string): Promise<void> {
    await this.#agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => undefined);
  }

  /** Lets the agent forget what a session holds in memory. Nobody waits for it. */
  closeSession(sessionId: string): void {
    this.#agent.request(methods.agent.session.close, { sessionId }).catch(() => undefined);
  }

  close(): void {
    this.#close();
  }
}

async function inTime<T>(answer: Promise<T>, method: string, timeoutMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new AcpTimeoutError(method, timeoutMs)), timeoutMs);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
