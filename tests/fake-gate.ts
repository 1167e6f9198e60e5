import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { riskGateApi, type Input, type Output } from '@aistock/shared';

export type CheckBody = NonNullable<Input<typeof riskGateApi.check>['body']>;
export type Verdict = Output<typeof riskGateApi.check>;

/** Answers POST /check in the gate's place: a status and a body, or nothing at all. */
export type Answer = (
  body: CheckBody,
) => Promise<{ readonly status: number; readonly body: unknown } | undefined>;

/** Stands in the gate's place, to answer as no gate should. */
export class FakeGate {
  answer: Answer = async () => undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.answer((await json(request)) as CheckBody);
    if (!answer) return; // the caller's time-out ends it
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  }

  static async start(): Promise<FakeGate> {
    const fake = new FakeGate();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
