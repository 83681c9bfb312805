import { debugToStderr } from '../trace.js'
import { readCommandLine } from './commander.js'
import { commands } from './commands.js'
import { exitCodeOf } from './exit-code.js'
import { interruptible } from './interrupt.js'
import { print } from './print.js'
import { reportError } from './report-error.js'
import { version } from './version.js'

/** Does what the command line says and gives the exit code: 0, 1 failure, 2 usage, 130 interrupted. */
export async function main(words: readonly string[]): Promise<number> {
  process.stderr.on('error', () => {}) // nobody looks: no reason to stop
  debugToStderr()
  try {
    const request = readCommandLine(words, commands, version)
    if (request.kind === 'print') await print(request.text)
    else await interruptible((signal) => request.command.run(request.operands, request.fields, signal))
    return 0
  } catch (error) {
    reportError(error)
    return exitCodeOf(error)
  }
}
