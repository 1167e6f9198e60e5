import type { Db, Trx } from '@aistock/database';
import { emitEvent, ServiceError } from '@aistock/service-kit';
import { canonicalJson, type executorApi, type Parsed } from '@aistock/shared';
import { sameAmount, toWire } from '@aistock/trading/portfolio';
import { PAPER_VENUE } from './paper-broker.ts';

type PaperAccountTerms = Parsed<typeof executorApi.openPaperAccount>['body'];

/**
 * Opens an account at the paper venue and in the executor's books, both with the start cash.
 * @throws ServiceError `account_exists` where it is open with other terms or at another venue.
 */
export async function openPaperAccount(trx: Trx, terms: PaperAccountTerms): Promise<void> {
  const { account, currency, start_cash: startCash, costs } = terms;
  const opened = await trx
    .insertInto('trading.paper_account')
    .values({ account, currency, start_cash: startCash, cash: startCash, costs: JSON.stringify(costs) })
    .onConflict((conflict) => conflict.column('account').doNothing())
    .returning('account')
    .executeTakeFirst();
  if (!opened) return checkTerms(trx, terms);
  const booked = await trx
    .insertInto('trading.account')
    .values({ account, venue: PAPER_VENUE, currency, start_cash: startCash, cash: startCash })
    .onConflict((conflict) => conflict.column('account').doNothing())
    .returning('account')
    .executeTakeFirst();
  if (!booked) throw new ServiceError('account_exists', 409, `${account} is an account at another venue`);
  await emitEvent(trx, {
    kind: 'account.opened',
    subject: account,
    payload: { ...terms, venue: PAPER_VENUE },
  });
}

/** What a paper account was opened with. @throws ServiceError `account_unknown`. */
export async function paperTerms(db: Db, account: string): Promise<PaperAccountTerms> {
  const row = await db
    .selectFrom('trading.paper_account')
    .select(['currency', 'start_cash', 'costs'])
    .where('account', '=', account)
    .executeTakeFirst();
  if (row) return { account, ...row, start_cash: toWire(row.start_cash) };
  throw new ServiceError('account_unknown', 404, `there is no paper account ${account}`);
}

function isSame(costs: PaperAccountTerms['costs'], others: PaperAccountTerms['costs']): boolean {
  return canonicalJson(costs) === canonicalJson(others);
}

async function checkTerms(trx: Trx, terms: PaperAccountTerms): Promise<void> {
  const row = await trx
    .selectFrom('trading.paper_account')
    .selectAll()
    .where('account', '=', terms.account)
    .executeTakeFirstOrThrow();
  const fields = [
    { field: 'body.currency', value: row.currency, same: row.currency === terms.currency },
    { field: 'body.start_cash', value: row.start_cash, same: sameAmount(row.start_cash, terms.start_cash) },
    { field: 'body.costs', value: canonicalJson(row.costs), same: isSame(row.costs, terms.costs) },
  ]
    .filter(({ same }) => !same)
    .map(({ field, value }) => ({ field, message: `is ${value} since the account was opened` }));
  if (fields.length === 0) return;
  throw new ServiceError('account_exists', 409, `paper account ${terms.account} is open with other terms`, {
    fields,
  });
}
