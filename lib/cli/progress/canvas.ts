import { createLogUpdate } from 'log-update'

/** What is drawn on: a terminal, or what stands for one. */
export interface Terminal extends NodeJS.WritableStream {
  readonly columns?: number
  readonly rows?: number
  /** Whether it shows colours: never where NO_COLOR is set. */
  hasColors?(): boolean
}

/** A block of lines at the lower end of a terminal, drawn anew in its place. */
export interface Canvas {
  draw(lines: readonly string[]): void
  /** Puts lines above the block, where they stay. */
  print(lines: readonly string[]): void
  /** Leaves the block as it is. */
  end(): void
}

/** The door to log-update, which wraps, counts and erases the lines. */
export function createCanvas(terminal: Terminal): Canvas {
  const log = createLogUpdate(terminal)
  let drawn: readonly string[] = []
  let width = terminal.columns
  const forgetResized = (): void => {
    if (terminal.columns === width) return
    width = terminal.columns
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(lengthOf(line) / (width ?? 80))), 0)
    log.done()
    if (rows > 0) terminal.write(`\x1b[${rows}A\r\x1b[J`)
  }
  return {
    draw(lines) {
      forgetResized()
      log(lines.join('\n'))
      drawn = lines
    },
    print(lines) {
      if (lines.length === 0) return
      forgetResized()
      log.clear()
      terminal.write(`${lines.join('\n')}\n`)
    },
    end: () => log.done()
  }
}

/** Terminals break long lines anew when they are resized: then there are more to erase than were written. */
function lengthOf(line: string): number {
  return line.replace(/\x1b\[\d*m/g, '').length
}
