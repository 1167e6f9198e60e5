/**
 * How long after its `send_started` an order may still begin to leave, in ms of the sender's monotonic clock; one that
 * is later is withheld. A kill is acknowledged once this time has passed, so that nothing begins to leave after it.
 */
export const SEND_DELAY_MS_MAX = 250;
