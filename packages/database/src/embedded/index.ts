export { freePort } from './free-port.ts';
export { isAlive } from './postmaster.ts';
export { type RunningPostgres, type StartPostgres, startPostgres } from './start-postgres.ts';
export { stopPostgres } from './stop-postgres.ts';
