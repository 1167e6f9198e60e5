/**
 * One process of the proofs: takes from the budget of a venue a given number of times, many at a time, and says so on
 * its output. Arguments: database URL, venue, budget as JSON, priority, requests, greatest weight.
 */
import { randomInt } from 'node:crypto';
import { openDatabase } from '@aistock/database';
import { PRIORITIES } from '@aistock/venues';
import type { Budget } from '../budget.ts';
import { postgresPacer } from '../postgres-pacer.ts';

const [url = '', venue = '', budget = '', priorityName, requests, weightMax] = process.argv.slice(2);
const priority = PRIORITIES.find((name) => name === priorityName) ?? 'data';
const db = openDatabase({ url, applicationName: `taker:${process.pid}` });
const pacer = postgresPacer(db, {
  budgets: { [venue]: JSON.parse(budget) as Budget },
  waitMsMax: { [priority]: 60_000 },
});
await Promise.all(
  Array.from({ length: Number(requests) }, async () => {
    await pacer.take({ venue, weight: randomInt(1, Number(weightMax) + 1), priority });
    process.stdout.write('taken\n');
  }),
);
await db.destroy();
