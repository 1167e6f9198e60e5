import { once } from 'node:events';
import type { VenueClock } from './clock.ts';
import { controlOf, type Control } from './control.ts';
import { Budgets, LIMITS_DEFAULT, type Limits } from './http/budgets.ts';
import { controlRoutes } from './http/control-routes.ts';
import { RequestLog } from './http/request-log.ts';
import { startServer } from './http/server.ts';
import { simMarkets, type MarketTerms } from './markets/sim-market.ts';
import type { MisbehaviourTerms } from './misbehaviour/misbehaviour.ts';
import { RuleBook } from './misbehaviour/rule-book.ts';
import { BarPages } from './world/bar-pages.ts';
import { truthOf, type Truth } from './world/truth.ts';

/** The markets of a simulator, its clock, and what it does wrong from the start. */
export interface VenueSimOptions {
  readonly markets: readonly MarketTerms[];
  readonly clock: VenueClock;
  readonly misbehave?: readonly MisbehaviourTerms[];
  /** What the venues allow a minute (Binance's weight, Alpaca's requests); as documented unless told. */
  readonly limits?: Partial<Limits>;
  /** Any that is free unless told. */
  readonly port?: number;
}

/** A simulator that runs; disposing of it stops it. */
export interface VenueSim extends AsyncDisposable {
  /** The origin of every venue, such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly control: Control;
  readonly truth: Truth;
  /** Cuts all connections. @throws what went wrong inside of the simulator itself while it ran, if anything did. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts an HTTP server on this machine that speaks market data of Binance, Kraken and Alpaca from given bars.
 * @throws RangeError or ZodError where an option is wrong; Error where the port is taken.
 */
export async function startVenueSim(options: VenueSimOptions): Promise<VenueSim> {
  const { clock } = options;
  const markets = simMarkets(options.markets);
  const rules = new RuleBook();
  const log = new RequestLog();
  const control = controlOf({ markets, clock, rules, log });
  control.misbehave(...(options.misbehave ?? []));
  const budgets = new Budgets({ ...LIMITS_DEFAULT, ...options.limits });
  const state = { markets, clock, rules, pages: new BarPages(rules), budgets };
  const parts = { state, log, control: controlRoutes(control) };
  const { server, url } = await startServer(options.port ?? 0, parts);

  const truth = truthOf(
    (name) => {
      const market = markets.find((each) => each.name === name);
      if (!market) throw new RangeError(`there is no market ${name}`);
      return market;
    },
    rules,
    clock,
  );
  const stop = async (): Promise<void> => {
    if (server.listening) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
    if (log.failure() !== undefined) throw new Error('the simulator failed', { cause: log.failure() });
  };
  return { url, control, truth, stop, [Symbol.asyncDispose]: stop };
}
