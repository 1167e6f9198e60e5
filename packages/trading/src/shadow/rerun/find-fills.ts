import type { Bar } from '@aistock/market';
import { baseCurrency, type CoreSetup, type FillEvent, type OrderRequest } from '../../core/index.ts';
import type { Snapshot } from '../../core/snapshot/snapshot-schema.ts';
import type { FillReport } from '../../fills/index.ts';
import type { DayBars } from './day-bars.ts';
import type { DayFill } from '../split/day-fill.ts';
import { recordedDecision } from './recorded-decisions.ts';
import type { DayClose } from '../shadow-day.ts';

/** Whose an order is, by its decision id. */
export type OrderOwners = ReadonlyMap<string, Pick<OrderRequest, 'slot' | 'stream' | 'instrument'>>;

/** The orders that could fill: those of earlier days, and those of the lines of this one. */
export function ownersOf(setup: CoreSetup, { slots }: Snapshot, lines: readonly string[]): OrderOwners {
  const earlier = slots.flatMap(({ orders, ended }) => [...orders, ...ended].map(({ request }) => request));
  const decided = lines.flatMap((line) => recordedDecision(setup, line)?.decision.orders ?? []);
  return new Map([...earlier, ...decided].map((request) => [request.decisionId, request]));
}

/** What the session was told of its orders' fills; one of an order that nobody decided is left out. */
export function liveFills(
  { currency }: CoreSetup,
  closes: readonly DayClose[],
  { owners, bars }: { readonly owners: OrderOwners; readonly bars: DayBars },
): DayFill[] {
  const isInQuote = ({ fee, feeCurrency }: FillEvent): boolean =>
    feeCurrency === currency || Number(fee) === 0;
  return closes.flatMap(({ events }) =>
    events.flatMap((event) => {
      const owner = event.type === 'fill' ? owners.get(event.decisionId) : undefined;
      if (event.type !== 'fill' || !owner) return [];
      if (!isInQuote(event) && event.feeCurrency !== baseCurrency(owner.instrument))
        throw new RangeError(`the fee of fill ${event.fillId} is in ${event.feeCurrency}`);
      return [toDayFill(event, owner, { bars, feeTakenIn: isInQuote(event) ? 'quote' : 'base' })];
    }),
  );
}

/** The fills of a run, whose orders are those of its lines or of earlier days. */
export function runFills(reports: readonly FillReport[], owners: OrderOwners, bars: DayBars): DayFill[] {
  return reports.map((report) => {
    const owner = owners.get(report.orderId);
    if (!owner) throw new RangeError(`no order was made by decision ${report.orderId}`);
    const { feeTakenIn, liquidity } = report;
    const fill = { ...report, decisionId: report.orderId };
    return { ...toDayFill(fill, owner, { bars, feeTakenIn }), liquidity };
  });
}

type AnyFill = Pick<FillEvent, 'decisionId' | 'protection' | 'side' | 'quantity' | 'price' | 'fee' | 'atMs'>;

function toDayFill(
  { decisionId, protection, side, quantity, price, fee, atMs }: AnyFill,
  { slot, stream }: { readonly slot: string; readonly stream: string },
  { bars, feeTakenIn }: { readonly bars: DayBars; readonly feeTakenIn: 'quote' | 'base' },
): DayFill {
  const { seen, traded } = bars.get(stream)!;
  const came = (bar: Bar): boolean => bar.openMs <= atMs;
  const barOpenMs = (traded.findLast(came) ?? seen.findLast(came))?.openMs ?? atMs;
  return { decisionId, protection, slot, stream, side, quantity, price, fee, feeTakenIn, barOpenMs };
}
