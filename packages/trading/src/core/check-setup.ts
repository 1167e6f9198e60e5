import { quoteCurrency } from './instruments/currency.ts';
import type { CoreSetup, SlotSetup, StreamSetup } from './setup.ts';

/** @throws RangeError for the first part of a setup that does not fit the others. */
export function checkSetup(setup: CoreSetup): void {
  const streams = new Map(setup.streams.map((stream) => [stream.id, stream]));
  if (streams.size < setup.streams.length) throw new RangeError('two streams of the setup have one id');
  if (new Set(setup.slots.map(({ id }) => id)).size < setup.slots.length)
    throw new RangeError('two slots of the setup have one id');
  for (const stream of setup.streams) checkStream(stream, setup.currency);
  for (const slot of setup.slots) checkSlot(slot, streams);
}

function checkStream({ id, instrument }: StreamSetup, currency: string): void {
  const quote = quoteCurrency(instrument);
  if (quote !== undefined && quote !== currency)
    throw new RangeError(`stream ${id} is priced in ${quote}, and the account is kept in ${currency}`);
}

function checkSlot(
  { id, strategy, streams: ids }: SlotSetup,
  streams: ReadonlyMap<string, StreamSetup>,
): void {
  if (id === 'firm') throw new RangeError('a slot cannot be called firm, which means all of them');
  if (ids.length !== strategy.legs)
    throw new RangeError(
      `slot ${id} has ${ids.length} streams, and ${strategy.name} has ${strategy.legs} legs`,
    );
  const timeframes = new Set<string>();
  for (const each of ids) {
    const stream = streams.get(each);
    if (!stream) throw new RangeError(`slot ${id} wants stream ${each}, which the setup does not have`);
    timeframes.add(stream.timeframe);
  }
  if (timeframes.size !== 1) throw new RangeError(`the streams of slot ${id} must be of one timeframe`);
}
