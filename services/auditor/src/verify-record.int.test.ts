import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '@aistock/database';
import { AuditorFixture, emit } from './auditor.fixture.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { Sequencer } from './sequencer.ts';
import { verifyRecord } from './verify-record.ts';

test('a record that grows while it is verified verifies', async () => {
  const fixture = await AuditorFixture.create();
  const db = openDatabase({ url: fixture.database.url('auditor'), applicationName: 'test' });
  try {
    await mkdir(join(fixture.folder, 'audit'));
    const file = await CheckpointFile.open(join(fixture.folder, 'audit', 'checkpoints.txt'));
    const signer = { name: 'test', key: generateKeyPairSync('ed25519').privateKey };
    const sequencer = await Sequencer.open({ db, file, signer, clock: { nowMs: () => 0 } });
    const grow = async (): Promise<void> => {
      await emit(fixture.emitter, 'order');
      await sequencer.drain();
    };
    await grow();
    const growingFile = {
      read: async () => {
        await grow();
        const read = await file.read();
        await grow();
        return read;
      },
    };
    const { size, finding } = await verifyRecord(db, growingFile, signer);
    assert.equal(finding, undefined);
    assert.equal(size, 3);
  } finally {
    await db.destroy();
    await fixture.remove();
  }
});
