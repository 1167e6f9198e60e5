import { createHash } from 'node:crypto';
import type { Clients } from '../../scripts/stack/clients.ts';

/** Closes of a session's log, and lines of a backtest's, that are read at a time. */
const CLOSES_PER_PAGE = 500;
const LINES_PER_PAGE = 1_000;
const LINE_CHARACTERS_MAX = 4_000;

export type Lines = AsyncGenerator<string, void>;

/** The decision log of a session, line by line. */
export async function* sessionLines({ engine }: Clients, sessionId: string): Lines {
  for (let from = 1; ; from += CLOSES_PER_PAGE) {
    const page = await engine.sessionLog({
      params: { session_id: sessionId },
      query: { from: String(from), limit: String(CLOSES_PER_PAGE) },
    });
    if (page === '') return;
    yield* page.trimEnd().split('\n');
  }
}

/** The decision log of a backtest, line by line. */
export async function* backtestLines({ engine }: Clients, runId: string): Lines {
  for (let from = 0; ; from += LINES_PER_PAGE) {
    const page = await engine.backtestLog({
      params: { run_id: runId },
      query: { from: String(from), limit: String(LINES_PER_PAGE) },
    });
    if (page === '') return;
    yield* page.trimEnd().split('\n');
  }
}

/** What a log holds besides its hash: how much of it was put to the test. */
export interface LogCounts {
  lines: number;
  selections: number;
  orders: number;
  /** Orders at market, limits, entries with exits behind them, entries short, and orders that were taken back. */
  market: number;
  limits: number;
  brackets: number;
  shorts: number;
  cancels: number;
  /** Decisions with a regime. */
  regimes: number;
}

interface LoggedOrder {
  readonly type: string;
  readonly side: string;
  readonly reduce_only: boolean;
  readonly protection: unknown;
}

interface LoggedLine {
  readonly kind: string;
  readonly orders?: readonly LoggedOrder[];
  readonly cancels?: readonly unknown[];
  readonly positions?: readonly { readonly quantity: string }[];
  readonly regime?: { readonly model_id?: string };
}

/** Reads a log to its end: SHA-256 of its lines, each with an end of line, and what is in them. */
export async function readLog(lines: Lines): Promise<{ sha256: string; counts: LogCounts }> {
  const hash = createHash('sha256');
  const counts: LogCounts = {
    lines: 0,
    selections: 0,
    orders: 0,
    market: 0,
    limits: 0,
    brackets: 0,
    shorts: 0,
    cancels: 0,
    regimes: 0,
  };
  for await (const line of lines) {
    hash.update(line).update('\n');
    countLine(counts, JSON.parse(line) as LoggedLine);
  }
  return { sha256: hash.digest('hex'), counts };
}

function countLine(
  counts: LogCounts,
  { kind, orders = [], cancels = [], positions = [], regime }: LoggedLine,
): void {
  counts.lines++;
  if (kind === 'selection') counts.selections++;
  if (regime?.model_id !== undefined) counts.regimes++;
  counts.orders += orders.length;
  counts.cancels += cancels.length;
  for (const { type, protection } of orders) {
    if (type === 'market') counts.market++;
    if (type === 'limit') counts.limits++;
    if (protection) counts.brackets++;
  }
  if (positions.some(({ quantity }) => quantity.startsWith('-'))) counts.shorts++;
}

/** The first line that is not the same in both; undefined where all are. */
export async function firstDifference(
  expected: Lines,
  actual: Lines,
): Promise<{ line: number; expected: string | null; actual: string | null } | undefined> {
  for (let line = 0; ; line++) {
    const [want, have] = [await expected.next(), await actual.next()];
    if (want.done && have.done) return undefined;
    if (want.value === have.value) continue;
    const cut = (text: string | void) => text?.slice(0, LINE_CHARACTERS_MAX) ?? null;
    return { line, expected: cut(want.value), actual: cut(have.value) };
  }
}
