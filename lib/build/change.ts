import { UsageError } from '../errors.js'
import type { ContainerConfig } from '../image/config.js'
import { type ConfigInstruction, type Configuration, configure } from './configure.js'
import { parseInstructions } from './dockerfile.js'
import { expandWord } from './expand.js'
import type { Instruction } from './instruction.js'

/**
 * Applies `--change` options to a config: instructions as `docker import --change` has them. Variables come from the
 * config's own environment. Fails on what changes more than the config.
 */
export function applyChanges(config: ContainerConfig, changes: readonly string[]): ContainerConfig {
  const instructions = changes.flatMap((change) => parseInstructions(change))
  let configuration: Configuration = { config, author: null, hasCommand: false }
  for (const instruction of instructions) {
    if (!isConfig(instruction)) throw refuse(instruction)
    configuration = configure(configuration, instruction, (word) =>
      expand(word, configuration.config, instruction)
    ).configuration
  }
  return configuration.config
}

const ALLOWED: readonly Instruction['kind'][] = [
  ...(['CMD', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'LABEL'] as const),
  ...(['ONBUILD', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'] as const)
]

function isConfig(instruction: Instruction): instruction is ConfigInstruction {
  return ALLOWED.includes(instruction.kind)
}

function refuse({ kind }: Instruction): UsageError {
  return new UsageError({
    operation: 'read option',
    subject: '--change',
    expected: `one of ${ALLOWED.join(', ')}`,
    found: kind
  })
}

function expand(word: string, { Env = [] }: ContainerConfig, { kind, statement }: Instruction): string {
  const split = (text: string): [string, string] => [text.split('=', 1)[0] ?? '', text.slice(text.indexOf('=') + 1)]
  return expandWord(word, {
    variables: new Map(Env.map(split)),
    escapeCharacter: statement.escapeCharacter,
    fail: (expected, found) => new UsageError({ operation: `read --change ${kind}`, subject: word, expected, found })
  })
}
