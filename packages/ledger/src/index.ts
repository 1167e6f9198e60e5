export { claimFiles, type ClaimFiles } from './claim.ts';
export {
  type Deletions,
  type DoomedFile,
  intendDeletion,
  type Permission,
  type RecordedDeletion,
  resumeDeletions,
} from './delete.ts';
export { RegistrationRefused, type RegistrationRefusal, StaleClaim } from './errors.ts';
export { failClaims, finishClaims, quarantineClaim, releaseClaims } from './finish.ts';
export { type Heartbeat, type HeartbeatOptions, startHeartbeat } from './heartbeat.ts';
export type { Claim, LedgerFileRow } from './ledger-file.ts';
export {
  findFirst,
  findWatermark,
  hasOpenFilesBefore,
  listFiles,
  listFilesBetween,
  listStreams,
  type StreamFiles,
} from './read.ts';
export {
  type NewFile,
  quarantineFile,
  type QuarantinedFile,
  registerEarlier,
  registerFile,
  registerRevision,
  type Registration,
} from './register.ts';
export { appendRawLog } from './raw-log/append.ts';
export { ChainVerifier } from './raw-log/chain-verifier.ts';
export {
  findNamedResponses,
  findRawLogExport,
  holdRawLogExport,
  listRawLog,
  noteRawLogExport,
  type RawLogPlace,
  type RawLogRow,
} from './raw-log/read.ts';
export {
  fromLine,
  type RawLogEntry,
  type RawRecord,
  type SealedRecord,
  sealEntries,
  toLine,
} from './raw-log/raw-record.ts';
