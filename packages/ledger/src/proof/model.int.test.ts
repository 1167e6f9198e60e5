import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import fc from 'fast-check';
import { ATTEMPTS_MAX, claimFiles, renewClaims } from '../claim.ts';
import { StaleClaim } from '../errors.ts';
import { failClaims, finishClaims, releaseClaims } from '../finish.ts';
import type { Claim, LedgerFileRow } from '../ledger-file.ts';
import { listFiles } from '../read.ts';
import { leaseRunsOut, registerFiles } from '../test-files.ts';

const FILES = 3;
const RUNS = 40;

/** What a file must be like, in words of its own: a lease is either running or over. */
interface ModelFile {
  status: LedgerFileRow['status'];
  epoch: number;
  attempts: number;
  leased: boolean;
}
interface Model {
  files: Map<string, ModelFile>;
  /** Every claim that was ever given out. */
  claims: Claim[];
}
interface Real {
  stream: string;
}
type Step = fc.AsyncCommand<Model, Real>;

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.drop());

const fresh = (): ModelFile => ({ status: 'downloaded', epoch: 0, attempts: 0, leased: false });
const isOpen = (file: ModelFile) =>
  file.status === 'downloaded' || (file.status === 'processing' && !file.leased);

class ClaimStep implements Step {
  readonly limit: number;
  readonly expires: boolean;
  constructor(limit: number, expires: boolean) {
    this.limit = limit;
    this.expires = expires;
  }
  check = () => true;
  async run(model: Model, { stream }: Real): Promise<void> {
    const leaseMs = this.expires ? 1 : 60_000;
    const rows = await claimFiles(database.db, { claimer: 'model', stream, limit: this.limit, leaseMs });
    if (this.expires) for (const row of rows) await leaseRunsOut(database.db, row.file_id);
    const expected: string[] = [];
    for (const [id, file] of model.files) {
      if (!isOpen(file) || expected.length === this.limit) continue;
      if (file.attempts >= ATTEMPTS_MAX) {
        file.status = 'failed';
        continue;
      }
      Object.assign(file, { status: 'processing', leased: !this.expires });
      file.epoch += 1;
      file.attempts += 1;
      model.claims.push({ file_id: id, claim_epoch: file.epoch });
      expected.push(id);
    }
    assert.deepEqual(
      rows.map((row) => row.file_id),
      expected,
    );
  }
  toString = () => `claim ${this.limit}${this.expires ? ', lease runs out' : ''}`;
}

type Ending = 'finish' | 'release' | 'fail' | 'renew';

class EndStep implements Step {
  readonly ending: Ending;
  readonly pick: number;
  constructor(ending: Ending, pick: number) {
    this.ending = ending;
    this.pick = pick;
  }
  check = (model: Readonly<Model>) => model.claims.length > 0;
  async run(model: Model): Promise<void> {
    const claim = model.claims[this.pick % model.claims.length];
    assert.ok(claim);
    const file = model.files.get(claim.file_id);
    assert.ok(file);
    const holds = file.status === 'processing' && file.leased && file.epoch === claim.claim_epoch;
    assert.equal(await end(this.ending, claim), holds);
    if (!holds || this.ending === 'renew') return;
    if (this.ending === 'release') file.attempts -= 1;
    const spent = this.ending === 'fail' && file.attempts >= ATTEMPTS_MAX;
    file.status = this.ending === 'finish' ? 'processed' : spent ? 'failed' : 'downloaded';
  }
  toString = () => `${this.ending} claim ${this.pick}`;
}

/** Ends or renews a claim. @returns whether that was accepted, as far as it tells; the state is compared after each run. */
async function end(ending: Ending, claim: Claim): Promise<boolean> {
  if (ending === 'renew') return (await renewClaims(database.db, [claim], 60_000)).has(claim.file_id);
  const [stepsBefore] = await historyLength(claim);
  if (ending === 'release') await releaseClaims(database.db, [claim]);
  if (ending === 'fail') await failClaims(database.db, [claim], 'model');
  if (ending === 'finish') {
    const finish = database.db.transaction().execute((trx) => finishClaims(trx, [claim]));
    await finish.catch((error: unknown) => assert.ok(error instanceof StaleClaim));
  }
  const [stepsAfter] = await historyLength(claim);
  return stepsAfter !== stepsBefore;
}

async function historyLength({ file_id }: Claim): Promise<number[]> {
  const steps = await database.db
    .selectFrom('ledger.transition')
    .select((eb) => eb.fn.countAll<number>().as('steps'))
    .where('file_id', '=', file_id)
    .execute();
  return steps.map((row) => row.steps);
}

const steps = fc.commands(
  [
    fc
      .tuple(fc.integer({ min: 1, max: FILES }), fc.boolean())
      .map(([limit, expires]) => new ClaimStep(limit, expires)),
    fc
      .tuple(fc.constantFrom<Ending>('finish', 'release', 'fail', 'renew'), fc.nat(20))
      .map(([ending, pick]) => new EndStep(ending, pick)),
  ],
  { maxCommands: 30 },
);

test('any order of claims, ends and lapses leaves the ledger as the model says', async () => {
  let runs = 0;
  const property = fc.asyncProperty(steps, async (commands) => {
    runs += 1;
    const stream = `csv:MODEL${runs}:1m`;
    const ids = await registerFiles(database.db, stream, FILES);
    const model: Model = { files: new Map(ids.map((id) => [id, fresh()])), claims: [] };
    await fc.asyncModelRun(() => ({ model, real: { stream } }), commands);
    for (const row of await listFiles(database.db, { stream })) {
      const { status, epoch, attempts } = model.files.get(row.file_id) ?? fresh();
      assert.deepEqual([row.status, row.claim_epoch, row.attempts], [status, epoch, attempts]);
    }
  });
  await fc.assert(property, { numRuns: RUNS });
});
