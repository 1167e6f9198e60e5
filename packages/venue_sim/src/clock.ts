/** The venue's clock, which may run faster than real time, stand still and be set; and the real time that passes. */
export interface VenueClock {
  /** The venue's time, Unix ms UTC. */
  readonly nowMs: () => number;
  /** How many ms of the venue pass in one of ours. */
  readonly rate: () => number;
  readonly set: (setting: { readonly nowMs?: number; readonly rate?: number }) => void;
  /** Our own time in ms since any moment: what limits and bans go by. */
  readonly realMs: () => number;
}

const RATE_MAX = 1_000_000;
const MS_MAX = 8_640_000_000_000_000;

/** Where a clock begins and how fast it goes. */
export interface ClockTerms {
  /** Where it begins, Unix ms UTC. */
  readonly nowMs: number;
  /** 0 stands still, 1 is real time, 60 makes a minute a second; at most 1,000,000. */
  readonly rate: number;
  /** Our own clock, any that only goes forward, such as `performance.now`. */
  readonly realMs: () => number;
}

/** @throws RangeError where a time or a rate is out of range. */
export function venueClock(terms: ClockTerms): VenueClock {
  const { realMs } = terms;
  let from = checked({ nowMs: terms.nowMs, rate: terms.rate, realMs: realMs() });
  const nowMs = (): number => Math.min(Math.floor(from.nowMs + (realMs() - from.realMs) * from.rate), MS_MAX);
  return {
    nowMs,
    rate: () => from.rate,
    set: (setting) => {
      from = checked({
        nowMs: setting.nowMs ?? nowMs(),
        rate: setting.rate ?? from.rate,
        realMs: realMs(),
      });
    },
    realMs,
  };
}

function checked<T extends { readonly nowMs: number; readonly rate: number }>(setting: T): T {
  if (!Number.isSafeInteger(setting.nowMs) || setting.nowMs < 0 || setting.nowMs > MS_MAX)
    throw new RangeError('nowMs must be Unix milliseconds');
  if (!(setting.rate >= 0 && setting.rate <= RATE_MAX))
    throw new RangeError(`rate must be from 0 to ${RATE_MAX}`);
  return setting;
}
