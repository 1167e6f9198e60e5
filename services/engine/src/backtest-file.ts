import { text } from 'node:stream/consumers';
import { ServiceError, systemClock } from '@aistock/service-kit';
import { loadStrategies, strategySchemasEnv } from '@aistock/strategy-schemas';
import { FileRequest } from './backtests/file/file-request.ts';
import { runFile } from './backtests/file/run-file.ts';
import { WorkerPool } from './backtests/worker-pool.ts';

// A backtest from a file, as a process of its own: a FileRequest on standard input, and on standard output one JSON text a
// line: {"progress": 0.5}, and in the end {"run": ...} or {"problem": ...}. SIGTERM ends it.

const EXIT_FAILED = 1;

function tell(message: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function fileRequest(json: string): FileRequest {
  const { data, error } = FileRequest.safeParse(JSON.parse(json));
  if (data) return data;
  throw new ServiceError('request_invalid', 400, 'the bars cannot be read as asked for', {
    fields: error.issues.map(({ path, message }) => ({ field: path.join('.'), message })),
  });
}

const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
const pool = new WorkerPool(undefined);
try {
  const request = fileRequest(await text(process.stdin));
  const strategies = await loadStrategies(strategySchemasEnv.STRATEGY_SCHEMAS_DIR.parse(undefined));
  const run = await runFile(request, {
    strategies,
    pool,
    clock: systemClock,
    signal: stopping.signal,
    told: (progress) => tell({ progress }),
  });
  tell({ run });
} catch (error) {
  if (!(error instanceof ServiceError)) throw error;
  tell({ problem: { code: error.code, detail: error.message, fields: error.fields ?? [] } });
  process.exitCode = EXIT_FAILED;
} finally {
  await pool.close();
}
