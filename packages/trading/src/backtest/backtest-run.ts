import type { OrderStatus } from '@aistock/shared';
import { baseCurrency, type Core, type OrderRequest, type SlotDecision } from '../core/index.ts';
import { venueOrder, type FillReport } from '../fills/index.ts';
import { isFinal, nextStatus, type OrderEvent } from '../orders/index.ts';
import { advance, isAfterGap, type BarTrack, type MergedBars } from './merged-bars.ts';
import { SimulatedGate } from './simulated-gate.ts';
import { SimulatedVenue } from './simulated-venue.ts';
import { Tally } from './tally.ts';
import type { BacktestStart, BacktestTerms } from './terms.ts';
import { fundingOf, type FundingTimes } from './funding-times.ts';

/** Who decides in a backtest: the core, or a record of what was decided before. */
export type Decider = Pick<Core, 'handle' | 'reveal' | 'decide' | 'questions' | 'wakeMs'>;

/** A backtest on its way through time: tells the core what a live session would be told, and fills what it orders. */
export class BacktestRun {
  readonly tally = new Tally();
  barsPassed = 0;
  readonly #terms: BacktestTerms;
  readonly #core: Decider;
  readonly #bars: MergedBars;
  readonly #venue: SimulatedVenue;
  readonly #gate: SimulatedGate;
  readonly #funding: ReadonlyMap<string, FundingTimes>;
  /** Of the orders that have not ended. */
  readonly #statuses = new Map<string, OrderStatus>();
  /** Whether a regime could be relied on, at the newest bar of each stream that was asked about. */
  readonly #regimes = new Map<string, boolean>();
  readonly #due: BarTrack[] = [];
  #fillCount = 0;

  constructor(terms: BacktestTerms, core: Decider, bars: MergedBars) {
    this.#terms = terms;
    this.#core = core;
    this.#bars = bars;
    this.#venue = new SimulatedVenue(terms);
    this.#gate = new SimulatedGate(terms.setup, bars.tracks, this.#venue);
    this.#funding = fundingOf(bars.tracks);
    if (!terms.answers.qualityAt)
      for (const { setup } of bars.tracks)
        core.handle({ type: 'quality', stream: setup.id, verdict: 'pass', reasons: [] });
    if (terms.start) this.#goOn(terms.start);
  }

  /** When the next bars close, or, where that is before, when the decider wants to decide without any; Infinity at the end. */
  nextMs(): number {
    const barsMs = this.#bars.nextCloseMs();
    const { wakeMs } = this.#core;
    const isWaking = wakeMs < barsMs && (barsMs < Infinity || wakeMs <= (this.#terms.untilMs ?? -Infinity));
    return isWaking ? wakeMs : barsMs;
  }

  /** Goes on to the next time. */
  passTo(atMs: number): void {
    const due = this.#due;
    due.length = 0;
    for (const track of this.#bars.tracks) if (track.nextCloseMs === atMs) due.push(track);
    for (const track of due) this.#passBar(track, atMs);
    for (const track of due) {
      this.#core.reveal(track.setup.id);
      advance(track);
    }
    this.barsPassed += due.length;
    this.#answer(atMs);
    this.#decide(atMs);
  }

  #goOn({ working, unsent, takenBack }: BacktestStart): void {
    for (const { orderId, parent, filled } of [...working.values()].flat())
      if (parent === null) this.#statuses.set(orderId, filled === '0' ? 'WORKING' : 'PARTIALLY_FILLED');
    for (const decisionId of takenBack) this.#cancel(decisionId);
    for (const request of unsent) this.#send(request);
  }

  /** Lets the next bar of a track fill what waits for it, and funding times come where they lie. */
  #passBar(track: BarTrack, atMs: number): void {
    const funding = this.#funding.get(track.setup.id);
    if (funding) this.#fund(track, funding, track.data.series.openMs[track.next]!);
    const reports = this.#venue.match(track);
    if (reports)
      for (const report of reports) {
        if (report.kind === 'fill') this.#tellFill(track, report);
        else this.#tellEnd(report.orderId, report.protection, report.status, report.reason);
      }
    if (funding) this.#fund(track, funding, atMs - 1);
  }

  #fund({ setup: { instrument } }: BarTrack, funding: FundingTimes, untilMs: number): void {
    for (let next = funding.takeUntil(untilMs); next; next = funding.takeUntil(untilMs)) {
      const terms = { rate: next.rate, markPrice: next.mark_price };
      this.tally.fund(this.#venue.fund(instrument, terms));
      this.#core.handle({ type: 'funding', instrument, ...terms, atMs: next.at_ms });
    }
  }

  #tellFill(track: BarTrack, report: FillReport): void {
    const { setup } = track;
    this.tally.fill(report, isAfterGap(track));
    this.#terms.filled?.(report);
    if (report.protection === null) this.#move(report.orderId, report.complete ? 'fill_rest' : 'fill_part');
    this.#core.handle({
      type: 'fill',
      decisionId: report.orderId,
      fillId: String(++this.#fillCount),
      protection: report.protection,
      side: report.side,
      quantity: report.quantity,
      price: report.price,
      fee: report.fee,
      feeCurrency: report.feeTakenIn === 'base' ? baseCurrency(setup.instrument) : this.#terms.setup.currency,
      atMs: report.atMs,
    });
  }

  #tellEnd(
    decisionId: string,
    protection: 'stop' | 'target' | null,
    status: 'CANCELLED' | 'EXPIRED',
    reason: string,
  ): void {
    if (protection === null) {
      this.#move(decisionId, status === 'CANCELLED' ? 'cancel' : 'expire');
      if (status === 'CANCELLED') this.tally.orders.cancelled++;
      else this.tally.orders.expired++;
    }
    this.#core.handle({ type: 'order', decisionId, protection, status, reason });
  }

  /** Tells what others would answer about the bars that closed. */
  #answer(atMs: number): void {
    const { answers } = this.#terms;
    for (const event of answers.othersAt?.(atMs) ?? []) this.#core.handle(event);
    if (answers.qualityAt)
      for (const { setup, data, next } of this.#due) {
        const verdict = answers.qualityAt(setup.id, data.series.openMs[next - 1]!);
        this.#core.handle({ type: 'quality', stream: setup.id, verdict, reasons: [] });
      }
    const questions = this.#core.questions(atMs);
    if (questions.length === 0) return;
    for (const { slot, regime } of questions) if (regime) this.#answerRegime(slot);
    for (const { slot, params } of this.#core.questions(atMs)) {
      if (!params) continue;
      const isModelUsable = this.#regimes.get(this.#primaryOf(slot).setup.id) ?? false;
      this.#core.handle({ type: 'params', slot, ...answers.paramsAt(slot, atMs, isModelUsable) });
    }
  }

  #answerRegime(slot: string): void {
    const { setup, data, next } = this.#primaryOf(slot);
    const strategy = this.#terms.setup.slots.find(({ id }) => id === slot)?.strategy.name;
    const answer = this.#terms.answers.regimeAt(setup.id, data.series.openMs[next - 1]!, strategy);
    this.#regimes.set(setup.id, answer.regime !== null);
    this.#core.handle({ type: 'regime', stream: setup.id, ...answer });
  }

  #primaryOf(slot: string): BarTrack {
    const stream = this.#terms.setup.slots.find(({ id }) => id === slot)?.streams[0];
    const track = this.#bars.tracks.find(({ setup }) => setup.id === stream);
    if (!track) throw new RangeError(`there is no slot ${slot}`);
    return track;
  }

  #decide(atMs: number): void {
    const { record } = this.#terms;
    if (!record) {
      for (const decision of this.#core.decide(atMs)) this.#act(decision);
      return;
    }
    for (const { decision, line } of this.#core.handle({ type: 'close', atMs })) {
      record(line);
      if (decision.kind === 'slot') this.#act(decision);
    }
  }

  #act({ cancels, orders }: SlotDecision): void {
    for (const decisionId of cancels) this.#cancel(decisionId);
    for (const request of orders) this.#send(request);
  }

  /** What is cancelled at a close fills no more: the venue hears of it before the next bar. */
  #cancel(decisionId: string): void {
    for (const { parent } of this.#venue.cancel(decisionId))
      this.#tellEnd(decisionId, parent?.part ?? null, 'CANCELLED', 'cancelled');
  }

  #send(request: OrderRequest): void {
    const { decisionId, stream, asOfMs } = request;
    this.tally.orders.sent++;
    this.#statuses.set(decisionId, 'PENDING');
    const denials = this.#gate.review(request);
    if (denials.length > 0) {
      this.tally.deny(denials);
      this.#tellStatus(decisionId, 'deny', denials.map(({ code }) => code).join(' '));
      return;
    }
    this.#move(decisionId, 'permit');
    this.#move(decisionId, 'start_send');
    this.#tellStatus(decisionId, 'acknowledge', null);
    this.#venue.place(stream, venueOrder(decisionId, request, asOfMs + this.#venue.latencyMs));
  }

  #tellStatus(decisionId: string, event: OrderEvent, reason: string | null): void {
    const status = this.#move(decisionId, event);
    this.#core.handle({ type: 'order', decisionId, protection: null, status, reason });
  }

  /** @throws IllegalTransition where the order cannot go there. */
  #move(decisionId: string, event: OrderEvent): OrderStatus {
    const before = this.#statuses.get(decisionId);
    if (before === undefined) throw new RangeError(`order ${decisionId} has ended`);
    const status = nextStatus(before, event);
    if (isFinal(status)) {
      this.#statuses.delete(decisionId);
      this.#gate.end(decisionId);
    } else this.#statuses.set(decisionId, status);
    return status;
  }
}
