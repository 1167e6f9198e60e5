import type { engineApi, Output, Parsed } from '@aistock/shared';
import { toWire } from '@aistock/trading/portfolio';
import { runBacktest, type Trade } from '@aistock/trading/session';
import { DecisionLog } from './decision-log.ts';
import { checkRange, knownStrategy, soundParams } from './check-request.ts';
import { allBarsBetween, findStream, warmUpBars } from './market-stream.ts';
import type { Neighbours } from './neighbours.ts';
import { modelRegimes } from './model-regimes.ts';

const LOT_SIZE_DEFAULT = '0.00000001';
/** No account and no parameter decision stand behind a backtest; neither is part of the decision log. */
const BACKTEST_ACCOUNT = 'backtest';
const BACKTEST_CONFIG_ID = '00000000-0000-4000-8000-000000000000';

/** Runs a strategy over a stream's past bars. The bars before `from_ms` warm it up, as they do in a session. */
export async function backtest(
  neighbours: Neighbours,
  request: Parsed<typeof engineApi.backtest>['body'],
): Promise<Output<typeof engineApi.backtest>> {
  const strategy = knownStrategy(request.strategy);
  const params = soundParams(strategy, request.params);
  const stream = await findStream(neighbours, request.stream);
  const { from_ms: fromMs, to_ms: toMs } = request;
  checkRange(fromMs, toMs);
  const warmUp = await warmUpBars(neighbours, stream, { beforeMs: fromMs, asOfMs: toMs });
  const bars = await allBarsBetween(neighbours, stream, { fromMs, asOfMs: toMs });
  const log = new DecisionLog();
  const result = runBacktest(
    {
      setup: {
        strategy,
        account: BACKTEST_ACCOUNT,
        stream: stream.id,
        instrument: stream.instrument,
        lotSize: request.lot_size ?? LOT_SIZE_DEFAULT,
      },
      timeframe: stream.timeframe,
      calendar: stream.calendar,
      config: { configId: BACKTEST_CONFIG_ID, params },
      startCash: request.start_cash,
      fills: { feeBps: request.fee_bps, slippageBps: request.slippage_bps },
      regimeAt: await modelRegimes(neighbours, stream, { modelId: request.model_id, toMs }),
      record: (line) => log.write(line),
    },
    warmUp,
    bars,
  );
  return {
    bars: result.bars,
    trades: result.trades.map(tradeToWire),
    equity: { start: result.equityStart, end: result.equityEnd },
    return_total: result.returnTotal,
    drawdown_max: result.drawdownMax,
    sharpe_annual: result.sharpeAnnual,
    decision_log_sha256: log.sha256(),
  };
}

function tradeToWire(trade: Trade): Output<typeof engineApi.backtest>['trades'][number] {
  return {
    side: trade.side,
    quantity: trade.quantity,
    entry_ms: trade.entryMs,
    entry_price: trade.entryPrice,
    exit_ms: trade.exitMs,
    exit_price: trade.exitPrice,
    fees: toWire(trade.fees),
    pnl: toWire(trade.pnl),
  };
}
