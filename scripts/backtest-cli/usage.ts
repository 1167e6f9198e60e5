export const USAGE = `Runs a strategy over past bars with the code that trades, and says what it would have done.

  ./scripts/backtest --strategy S --bars FILE.csv --out DIR [options]      from a file, with nothing else running
  ./scripts/backtest --strategy S --instrument I --out DIR [options]       from the bars that ./scripts/ingest fetched

What is run
  --strategy S         trend_following, momentum_breakout, mean_reversion, ...
  --params FILE        JSON such as {"fast_bars": 20}, the others from the strategy's conservative preset;
                       all of them from there unless told
  --from DAY           first day that is traded, in UTC, such as 2020-01-01; the first bar unless told
  --to DAY             bars that have closed by the start of this day; the last bar unless told
  --cash N             what it begins with (default 100000)
  --seed N             of everything that is drawn by chance (default 1)
  --costs FILE         JSON, a CostModel; 10 bps of fees a side, 1 bp of spread, 1 bp of slippage, 250 ms and
                       a tenth of each bar's volume unless told
  --rules FILE         JSON, by instrument what its venue takes: lot, tick, least notional
  --policies FILE      JSON with any of sizing, selection, orders and limits, as POST /backtest takes them
  --model ID           filters the regime with this model; --model-use confirm (default), scale, veto or off
  --allow-in-sample    let the model speak about bars that it was trained on, and warn

On which bars
  --bars FILE          CSV, or CSV under gzip by the name .gz: timestamp,open,high,low,close,volume with Unix ms UTC,
                       or date,open,... with days
  --instrument I       such as BTC/USDT; with --bars a name for what is in the file
  --timeframe T        1m 5m 15m 30m 1h 4h 1d; with --bars the most usual distance of its bars unless told
  --stream STREAM      instead of instrument and timeframe, such as binance:BTC/USDT:1h; again for a second leg
  --calendar C         with --bars: always, xnys or fx, by which bars are missing and days of a year are counted; what the
                       days and hours of the bars look like unless told

What is made of it
  --sweep FILE         JSON ranges such as {"fast_bars": {"from": 5, "to": 50, "step": 5}}: every combination
  --criterion C        what is best: sharpe (default), sortino, calmar, return, profit_factor
  --walk-forward       with --sweep: choose in train windows, trade in the test windows after them;
                       --train 180d --test 60d [--anchored] [--purge 5d] [--embargo 1d]
  --scenarios          the same period under stress: volatility, gaps, spread, fees, missing and late bars
  --check lookahead    whether decisions change when the data after them is cut off or replaced; --times N (default 20)
  --check recursive    whether decisions change with the length of the warm-up

What comes out
  --out DIR            takes result.json, trades.csv, report.html, decisions.jsonl (default backtest-out)
  --json               the result as one JSON object on standard output instead of a table

Where it runs
  --url URL            an engine that runs already, such as http://127.0.0.1:8007, with --ingester-url for its bars
                       (default: the same host, port 8001); nothing is started
  --data DIR           where state is kept (default .aistock), as ./scripts/start keeps it
  --port-base N        what is started listens above N (default 8000)
  --help               this page

Exit code: 0 done, 1 the run failed or a check found something, 2 the command line is wrong, 78 the configuration is,
130 Ctrl-C. Environment: AUTH_TOKEN_TRADER, where the engine asks for a token; DATABASE_URL for a Postgres of yours.
`;
