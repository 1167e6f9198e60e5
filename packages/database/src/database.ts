import type { Kysely, Transaction } from 'kysely';
import type { AuditTables } from './tables/audit.ts';
import type { BackfillTables } from './tables/backfill.ts';
import type { EngineRunTables } from './tables/engine-runs.ts';
import type { EngineSessionTables } from './tables/engine.ts';
import type { EngineShadowTables } from './tables/engine-shadow.ts';
import type { LedgerTables } from './tables/ledger.ts';
import type { MarketTables } from './tables/market.ts';
import type { MlTables } from './tables/ml.ts';
import type { ParamsTables } from './tables/params.ts';
import type { RiskTables } from './tables/risk.ts';
import type { TradingTables } from './tables/trading.ts';
import type { VenueTables } from './tables/venue.ts';

/** Every table and view, by qualified name such as `ledger.file`. */
export interface Database
  extends
    AuditTables,
    BackfillTables,
    EngineRunTables,
    EngineSessionTables,
    EngineShadowTables,
    LedgerTables,
    MarketTables,
    MlTables,
    ParamsTables,
    RiskTables,
    TradingTables,
    VenueTables {}

/** A connection pool. A {@link Trx} is one too, so a function that takes a `Db` works inside a transaction as well. */
export type Db = Kysely<Database>;

/** An open transaction; a function that takes it leaves commit and rollback to its caller. */
export type Trx = Transaction<Database>;
