import { ConfigError } from '@aistock/service-kit';
import type { Config } from './config.ts';
import { envStreams } from './sources/env-streams.ts';
import type { SourceWorld } from './sources/open-source.ts';
import { readSourcesFile } from './sources/sources-file.ts';
import { streamDefaults } from './sources/stream-defaults.ts';
import { yamlStreams } from './sources/yaml-streams.ts';
import type { ConfiguredStream } from './stream-spec.ts';

const STREAMS_MAX = 1_000;

/**
 * The streams that the configuration names, each with its source: by the file that SOURCES_FILE names, or by the short
 * form in the environment.
 * @throws ConfigError where there is no such exchange, folder, file or stream.
 */
export async function configuredStreams(config: Config, world: SourceWorld): Promise<ConfiguredStream[]> {
  const defaults = streamDefaults(config, world.clock);
  const streams =
    config.SOURCES_FILE === undefined
      ? await envStreams(config, defaults, world)
      : await yamlStreams(await readSourcesFile(config.SOURCES_FILE), defaults, world);
  if (streams.length <= STREAMS_MAX) return streams;
  const where = config.SOURCES_FILE === undefined ? 'SYMBOLS' : 'SOURCES_FILE';
  throw new ConfigError([
    `${where}: there are ${streams.length} streams, more than ${STREAMS_MAX}; name some`,
  ]);
}
