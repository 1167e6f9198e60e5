import { SourceError, type BarSource, type SourceFacts } from '../bar-source.ts';
import { tradesOnlyOf } from '../trades-only.ts';
import { isTakenOver, nobodyLeft, toPassedOver } from './decide-takeover.ts';
import type { GuardedSource } from './guarded-source.ts';

/**
 * Sources for the same stream, the best one first. The next one takes over while the breaker of the one before is open,
 * where that one has banned us for a minute or longer, or does not have what is asked for; a probe that succeeds brings
 * the better one back. Each answer says which source gave it, which were passed over, and by which clock its last bar
 * is to be judged.
 * @throws RangeError where there is no source, or two of them adjust prices differently: their bars would not join.
 */
export function failoverSource(name: string, sources: readonly GuardedSource[]): BarSource {
  assertJoinable(name, sources);

  const fromFirst = async <T>(
    ask: (source: GuardedSource) => Promise<T>,
  ): Promise<{ answer: T; source: GuardedSource; failures: Failure[] }> => {
    const failures: Failure[] = [];
    for (const source of sources) {
      try {
        return { answer: await ask(source), source, failures };
      } catch (error) {
        if (!(error instanceof SourceError) || !isTakenOver(error, source.circuit.state())) throw error;
        failures.push({ source: source.name, error });
      }
    }
    throw nobodyLeft(name, failures);
  };

  const calendar = sources.find(({ calendarDays }) => calendarDays !== undefined);
  return {
    name,
    tradesOnly: tradesOnlyOf(sources),
    ...delayOfFirst(sources),
    facts: sharedFacts(sources),
    clockMs: async () => (await fromFirst((source) => source.clockMs())).answer,
    fetchBars: async (request) => {
      const { answer, source, failures } = await fromFirst(async (each) => {
        const clockMs = await each.clockMs();
        return { clockMs, ...(await each.fetchBars(request)) };
      });
      return { ...answer, source: source.name, passedOver: failures.map(toPassedOver) };
    },
    ...(calendar?.calendarDays && { calendarDays: calendar.calendarDays }),
  };
}

/** Prices of all of them are adjusted alike; the feed is told where they have the same. */
function sharedFacts(sources: readonly BarSource[]): SourceFacts {
  const { feed, adjustment } = sources[0]?.facts ?? {};
  return {
    ...(adjustment && { adjustment }),
    ...(feed && sources.every(({ facts }) => facts?.feed === feed) && { feed }),
  };
}

/** The first is the one that is asked on an ordinary day. */
function delayOfFirst([first]: readonly BarSource[]): Pick<BarSource, 'delayMs'> {
  return first?.delayMs === undefined ? {} : { delayMs: first.delayMs };
}

interface Failure {
  readonly source: string;
  readonly error: SourceError;
}

function assertJoinable(name: string, sources: readonly GuardedSource[]): void {
  const adjustments = new Set(sources.map(({ facts }) => facts?.adjustment ?? 'unknown'));
  if (sources.length === 0) throw new RangeError(`the chain ${name} has no source`);
  if (adjustments.size > 1) {
    throw new RangeError(
      `the sources of ${name} adjust prices differently (${[...adjustments].join(', ')}): their bars would not join`,
    );
  }
}
