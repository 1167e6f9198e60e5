import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OrderStatus } from '@aistock/shared';
import {
  IllegalTransition,
  isFinal,
  isOpenAtVenue,
  nextStatus,
  ORDER_TRANSITIONS,
  type OrderEvent,
} from './index.ts';

const EVENTS: readonly OrderEvent[] = [
  'permit',
  'deny',
  'start_send',
  'withhold',
  'acknowledge',
  'acknowledge_part',
  'activate',
  'reject',
  'cancel',
  'expire',
  'lose_track',
  'find_absent',
  'lapse',
  'fill_part',
  'fill_rest',
];

/** The whole table once more, so that a change of one cell has to be meant. */
const LEGAL = new Set([
  'PENDING permit CHECKED',
  'PENDING deny DENIED',
  'PENDING lapse EXPIRED',
  'PENDING cancel CANCELLED',
  'PENDING activate WORKING',
  'CHECKED start_send SENDING',
  'CHECKED deny DENIED',
  'CHECKED lapse EXPIRED',
  'SENDING withhold DENIED',
  'SENDING acknowledge WORKING',
  'SENDING reject REJECTED',
  'SENDING lose_track UNKNOWN',
  'SENDING cancel CANCELLED',
  'SENDING expire EXPIRED',
  'SENDING fill_part PARTIALLY_FILLED',
  'SENDING fill_rest FILLED',
  'UNKNOWN acknowledge WORKING',
  'UNKNOWN acknowledge_part PARTIALLY_FILLED',
  'UNKNOWN reject REJECTED',
  'UNKNOWN find_absent PENDING',
  'UNKNOWN lapse EXPIRED',
  'UNKNOWN cancel CANCELLED',
  'UNKNOWN expire EXPIRED',
  'UNKNOWN fill_part PARTIALLY_FILLED',
  'UNKNOWN fill_rest FILLED',
  'WORKING reject REJECTED',
  'WORKING lose_track UNKNOWN',
  'WORKING cancel CANCELLED',
  'WORKING expire EXPIRED',
  'WORKING fill_part PARTIALLY_FILLED',
  'WORKING fill_rest FILLED',
  'PARTIALLY_FILLED lose_track UNKNOWN',
  'PARTIALLY_FILLED cancel CANCELLED',
  'PARTIALLY_FILLED expire EXPIRED',
  'PARTIALLY_FILLED fill_part PARTIALLY_FILLED',
  'PARTIALLY_FILLED fill_rest FILLED',
  'CANCELLED fill_part CANCELLED',
  'CANCELLED fill_rest FILLED',
  'EXPIRED fill_part EXPIRED',
  'EXPIRED fill_rest FILLED',
]);

test('every state and event is either in the table or an error', () => {
  const found = new Set<string>();
  for (const from of OrderStatus.options) {
    for (const event of EVENTS) {
      const to = ORDER_TRANSITIONS[from][event];
      if (to === undefined) assert.throws(() => nextStatus(from, event), IllegalTransition);
      else found.add(`${from} ${event} ${nextStatus(from, event)}`);
    }
  }
  assert.deepEqual(found, LEGAL);
});

test('UNKNOWN never becomes DENIED: only the word of the venue ends it', () => {
  assert.throws(() => nextStatus('UNKNOWN', 'deny'), {
    name: 'IllegalTransition',
    message: 'an order that is UNKNOWN cannot deny',
  });
  assert.throws(() => nextStatus('UNKNOWN', 'withhold'), IllegalTransition);
});

test('the venue may hold something of an order from SENDING on, until it is final', () => {
  const open = OrderStatus.options.filter(isOpenAtVenue);
  assert.deepEqual(open, ['SENDING', 'WORKING', 'PARTIALLY_FILLED', 'UNKNOWN']);
  const final = OrderStatus.options.filter(isFinal);
  assert.deepEqual(final, ['FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED', 'DENIED']);
});
