import { randomUUID } from 'node:crypto';
import type { Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import type { Denial, OrderTerms, Permit } from '@aistock/shared';
import { termsSha256 } from '@aistock/trading/risk';

/** The order that a verdict is about. */
export interface CheckRequest {
  readonly terms: OrderTerms;
  readonly decision_id: string;
  readonly as_of_ms: number;
}

/** Puts a permit on record, so that it counts as an order from the commit on. */
export async function storePermit(
  trx: Trx,
  request: CheckRequest,
  permit: Permit,
  referencePrice: string,
): Promise<void> {
  const { terms, decision_id: decisionId } = request;
  await trx
    .insertInto('risk.permit')
    .values({
      permit_id: permit.permit_id,
      key_id: permit.key_id,
      account: terms.account,
      strategy: terms.strategy,
      instrument: terms.instrument,
      side: terms.side,
      quantity: terms.quantity,
      limit_price: terms.limit_price,
      stop_price: terms.stop_price,
      reference_price: referencePrice,
      client_order_id: terms.client_order_id,
      decision_id: decisionId,
      terms_sha256: permit.terms_sha256,
      limits_version: permit.limits_version,
      kill_epoch: permit.kill_epoch,
      as_of: new Date(request.as_of_ms),
      issued_at: new Date(permit.issued_ms),
      expires_at: new Date(permit.expires_ms),
      signature: permit.signature,
    })
    .execute();
  await emitEvent(trx, {
    kind: 'risk.permit_issued',
    subject: permit.permit_id,
    payload: { ...permit, decision_id: decisionId, terms, reference_price: referencePrice },
  });
}

/** Puts a denial on record with every reason. */
export async function storeDenial(
  trx: Trx,
  request: CheckRequest,
  denials: readonly Denial[],
): Promise<void> {
  const { terms, decision_id: decisionId } = request;
  const denialId = randomUUID();
  await trx
    .insertInto('risk.denial')
    .values({
      denial_id: denialId,
      account: terms.account,
      strategy: terms.strategy,
      instrument: terms.instrument,
      client_order_id: terms.client_order_id,
      decision_id: decisionId,
      terms_sha256: termsSha256(terms),
      denials: JSON.stringify(denials),
      as_of: new Date(request.as_of_ms),
    })
    .execute();
  await emitEvent(trx, {
    kind: 'risk.order_denied',
    subject: terms.client_order_id,
    payload: { denial_id: denialId, decision_id: decisionId, terms, denials },
  });
}
