import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Db } from '@aistock/database';
import type { Service } from '@aistock/service-kit';
import { auditorApi, canonicalJson, createClient, operationsApi, type Client } from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { createApp } from './app.ts';

/** A database, an audit directory and, while one is started, an auditor that drains only when it is asked. */
export class AuditorFixture {
  readonly database: TestDatabase;
  readonly folder: string;
  /** The database as executor sees it. */
  readonly emitter: Db;
  #service: Service | undefined;

  private constructor(database: TestDatabase, folder: string) {
    this.database = database;
    this.folder = folder;
    this.emitter = openDatabase({ url: database.url('executor'), applicationName: 'emitter' });
  }

  static async create(): Promise<AuditorFixture> {
    return new AuditorFixture(await createTestDatabase(), await mkdtemp(join(tmpdir(), 'auditor-')));
  }

  get env(): Record<string, string> {
    return {
      DATABASE_URL: this.database.url('auditor'),
      AUDIT_DIR: join(this.folder, 'audit'),
      PORT: '0',
      LOG_LEVEL: 'silent',
      DRAIN_INTERVAL_MS: '60000',
    };
  }

  /** Of the auditor that is started. */
  get url(): string {
    return this.#service?.url ?? '';
  }

  async start(
    env: Record<string, string> = {},
  ): Promise<Client<typeof auditorApi> & Client<typeof operationsApi>> {
    this.#service = await createApp({ ...this.env, ...env });
    await this.#service.listen();
    return createClient({ ...auditorApi, ...operationsApi }, { baseUrl: this.#service.url });
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.emitter.destroy();
    await this.database.drop();
    await rm(this.folder, { recursive: true });
  }
}

/** Emits one event as any service does. */
export async function emit(db: Db, subject: string, payload: unknown = { price: '1.5' }): Promise<string> {
  const eventId = randomUUID();
  const text = typeof payload === 'string' ? payload : canonicalJson(payload);
  await sql`SELECT audit.emit(${eventId}, 'order.filled', ${subject}, ${text})`.execute(db);
  return eventId;
}
