import type { Db, OrderRow, Trx } from '@aistock/database';
import { emitEvent, type Logger } from '@aistock/service-kit';
import type { Client, Output, Permit, riskGateApi } from '@aistock/shared';
import { nextStatus } from '@aistock/trading/orders';
import { sql } from 'kysely';
import { denyOrder, type Refusal } from './change-order.ts';
import { lockIfMayLeave, type LeaveRules } from './may-leave.ts';
import { lockOrder, orderReference, termsOf } from './order-row.ts';
import { findPermitFlaw } from './permit-check.ts';
import type { OrderSender } from './send-order.ts';
import { changeOrder } from './write-order.ts';

/** A kill or resume between check and send voids the permit; the gate is then asked once more. */
const CHECKS_MAX = 2;

type Verdict = Output<typeof riskGateApi.check>;

export interface PlacerParts {
  readonly db: Db;
  readonly gate: Pick<Client<typeof riskGateApi>, 'check'>;
  readonly sender: OrderSender;
  readonly logger: Logger;
  readonly rules: LeaveRules;
  /** Told when an attempt broke off, since what is on disk has to be compared with the venue then. */
  readonly onTrouble: (account: string) => void;
}

type Step =
  /** Committed; `sinceMs` is the process's monotonic clock while the kill epoch was still locked. */
  | { readonly kind: 'sending'; readonly order: OrderRow; readonly sinceMs: number }
  | { readonly kind: 'ask_again' | 'ended' };

/** Takes a pending order through the gate to the venue. Every way out of here leaves it in a state that tells what happened. */
export class OrderPlacer {
  readonly #parts: PlacerParts;
  readonly #placing = new Map<string, Promise<void>>();

  constructor(parts: PlacerParts) {
    this.#parts = parts;
  }

  /** Whether this process is working on the order right now. */
  isPlacing(orderId: string): boolean {
    return this.#placing.has(orderId);
  }

  /** Places a pending order; callers that ask for the same one meanwhile wait for the same attempt. */
  async place(order: OrderRow): Promise<void> {
    const running = this.#placing.get(order.order_id);
    if (running) return running;
    const attempt = this.#place(order);
    this.#placing.set(order.order_id, attempt);
    try {
      await attempt;
    } catch (error) {
      this.#parts.onTrouble(order.account);
      throw error;
    } finally {
      this.#placing.delete(order.order_id);
    }
  }

  async #place(order: OrderRow): Promise<void> {
    for (let check = 1; check <= CHECKS_MAX; check++) {
      if (!(await this.#mayLeave(order))) return;
      const verdict = await this.#askGate(order);
      if (verdict?.verdict !== 'approved') return this.#deny(order, refusalOf(verdict));
      const step = await this.#startSend(order, verdict.permit, check === CHECKS_MAX);
      if (step.kind === 'sending') return this.#parts.sender.send(step.order, step.sinceMs);
      if (step.kind === 'ended') return;
    }
  }

  /** Undefined where the gate gave no verdict, for whatever reason: then there is no order. */
  async #askGate(order: OrderRow): Promise<Verdict | undefined> {
    try {
      return await this.#parts.gate.check({
        body: { terms: termsOf(order), decision_id: order.decision_id, as_of_ms: order.as_of.getTime() },
      });
    } catch (error) {
      this.#parts.logger.error('risk_gate gave no verdict', { order_id: order.order_id, error });
      return undefined;
    }
  }

  async #deny(order: OrderRow, refusal: Refusal): Promise<void> {
    await this.#parts.db.transaction().execute(async (trx) => {
      const pending = await lockOrder(trx, order);
      if (pending.status === 'PENDING') await denyOrder(trx, pending, refusal);
    });
  }

  /** Asked before the gate is, so that what cannot leave takes up no permit. */
  async #mayLeave(order: OrderRow): Promise<boolean> {
    const { db, rules } = this.#parts;
    return db.transaction().execute(async (trx) => (await lockIfMayLeave(trx, order, rules)) !== undefined);
  }

  /** Writes `send_started` if everything that allowed the order still holds; only then may it leave. */
  async #startSend(order: OrderRow, permit: Permit, lastCheck: boolean): Promise<Step> {
    const { db, rules } = this.#parts;
    return db.transaction().execute(async (trx) => {
      const pending = await lockIfMayLeave(trx, order, rules);
      if (!pending) return { kind: 'ended' };
      const flaw = await findPermitFlaw(trx, permit, termsOf(pending));
      if (flaw === 'epoch_moved' && !lastCheck) return { kind: 'ask_again' };
      if (flaw) {
        await denyOrder(trx, pending, { reason: flaw });
        return { kind: 'ended' };
      }
      const sending = await markSending(trx, pending, permit);
      return { kind: 'sending', order: sending, sinceMs: performance.now() };
    });
  }
}

function refusalOf(verdict: Extract<Verdict, { verdict: 'denied' }> | undefined): Refusal {
  return verdict ? { reason: 'risk_denied', denials: verdict.denials } : { reason: 'gate_unavailable' };
}

async function markSending(trx: Trx, pending: OrderRow, permit: Permit): Promise<OrderRow> {
  const checked = { ...pending, status: nextStatus(pending.status, 'permit') };
  const sending = await changeOrder(trx, checked, 'start_send', {
    permit_id: permit.permit_id,
    send_started_at: sql<Date>`clock_timestamp()`,
  });
  await emitEvent(trx, {
    kind: 'order.send_started',
    subject: pending.order_id,
    payload: {
      ...orderReference(pending),
      permit_id: permit.permit_id,
      terms_sha256: permit.terms_sha256,
      kill_epoch: permit.kill_epoch,
    },
  });
  return sending;
}
