import { openDatabase } from '@aistock/database';

/**
 * Lets a model answer for everybody on its stream, whatever its gates say: what is proved is that one engine decides, and for
 * that it needs a model, not a good one.
 */
export async function installModel(
  adminUrl: string,
  { stream, modelId, at }: { readonly stream: string; readonly modelId: string; readonly at: Date },
): Promise<void> {
  const db = openDatabase({ url: adminUrl, applicationName: 'engine-proof' });
  try {
    const place = { stream, strategy: '*', kind: 'regime', alias: 'champion' } as const;
    await db
      .insertInto('ml.alias')
      .values({ ...place, model_id: modelId, generation: 1, changed_at: at })
      .execute();
  } finally {
    await db.destroy();
  }
}
