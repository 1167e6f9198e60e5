import { z } from 'zod';

/** What goes on the record. Each kind is written in the transaction of the thing that it tells. */
export const EVENT_KINDS = [
  'file.registered',
  'file.quarantined',
  'file.deleted',
  'part.repaired',
  'action.noted',
  'bar.restated',
  'gap.filled',
  'gap.accepted',
  'finding.accepted',
  'stream.blocked',
  'stream.unblocked',
  'universe.refreshed',
  'model.trained',
  'model.promoted',
  'model.kept',
  'model.challenged',
  'model.withdrawn',
  'model.rolled_back',
  'model.approved',
  'model.demoted',
  'param.decided',
  'param.learned',
  'param.preset_registered',
  'param.mode_set',
  'risk.limits_set',
  'risk.permit_issued',
  'risk.order_denied',
  'risk.killed',
  'risk.resumed',
  'order.intended',
  'order.denied',
  'order.send_started',
  'order.acknowledged',
  'order.activated',
  'order.filled',
  'order.closed',
  'order.unknown',
  'session.started',
  'session.stopped',
  'session.failed',
  'shadow.agreed',
  'shadow.differed',
  'shadow.failed',
  'shadow.reduced',
  'account.opened',
  'account.flattened',
  'account.reconciled',
  'alert.raised',
  'operator.note',
] as const;
export const EventKind = z.enum(EVENT_KINDS);
export type EventKind = z.infer<typeof EventKind>;

/** An event as a service emits it; the auditor gives it its place in the record. */
export interface AuditEvent {
  readonly kind: EventKind;
  /** What it is about, such as an order id, a model id or a stream. */
  readonly subject: string;
  /** Plain JSON. Amounts are decimal strings, times end in `_ms`; hashes and ids of what it followed from. */
  readonly payload: Readonly<Record<string, unknown>>;
}
