import { minute } from '@aistock/report';
import type { SignedReport } from '@aistock/shared';
import { soft, text, type Block } from '../blocks.ts';

/** More are told in the JSON only. */
const FILES_SHOWN = 12;

/** By what it can be had again, and by what it can be checked. */
export function origin({ report, sha256, note, verifier_key: verifierKey }: SignedReport): Block[] {
  const { card } = report;
  const files = card.file_hashes;
  const [signature = ''] = note.trimEnd().split('\n').slice(-1);
  return [
    text('The same bars, hyperparameters, seed and code give the same model, to the last byte.'),
    {
      type: 'names',
      names: [
        ['Model', report.model_id],
        ['Run', report.run_id],
        ['Measured against', report.champion_id ?? 'no champion'],
        ['Written', `${minute(report.created_ms)} UTC`],
        ['Seed', String(card.seed)],
        ['Code version', report.code_version],
        [
          'Features, with versions',
          card.features.map(({ name, version }) => `${name} ${version}`).join(', '),
        ],
        ['Hyperparameters', hyperparameters(card.hyperparameters)],
        ['Artefact, SHA-256', report.artefact_sha256],
        ...files
          .slice(0, FILES_SHOWN)
          .map((hash, index): [string, string] => [`File ${index + 1} of ${files.length}, SHA-256`, hash]),
        ['Report, SHA-256', sha256],
        ['Signature', signature],
        ['Key', verifierKey],
      ],
    },
    ...(files.length > FILES_SHOWN ? [soft('The other files are named in the JSON.')] : []),
    soft(
      `The signature is on the JSON of this report; ./scripts/verify --report checks it against a key that you trust.`,
    ),
  ];
}

function hyperparameters(all: SignedReport['report']['card']['hyperparameters']): string {
  return Object.entries(all)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(' ') : String(value)}`)
    .join(', ');
}
