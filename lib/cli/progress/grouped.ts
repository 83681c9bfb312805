import { createPlainView } from './plain.js'
import { CANCELED, type ProgressStep, type ProgressView } from './step.js'

/**
 * Plain lines in a group for each step, as GitHub Actions folds them (workflow commands, "Grouping log lines"). Groups
 * don't nest, so a step's lines are held until it ends; an error stands outside of them, to be seen.
 */
export function createGroupedView(write: (text: string) => void): ProgressView {
  const held = new Map<string, string[]>()
  const view = createPlainView((text, step) => void (step && linesOf(step.key).push(text)))
  const linesOf = (key: string): string[] => {
    const lines = held.get(key) ?? []
    held.set(key, lines)
    return lines
  }
  const release = (step: ProgressStep): void => {
    const lines = held.get(step.key)
    held.delete(step.key)
    if (lines) write(`::group::#${step.number} ${escapeData(step.label)}\n${lines.join('')}::endgroup::\n`)
  }
  const open = new Map<string, ProgressStep>()
  return {
    ...view,
    opened: (step) => void open.set(step.key, step),
    ended(step) {
      open.delete(step.key)
      view.ended(step)
      release(step)
      if (step.error !== null && step.error !== CANCELED)
        write(`::error title=${escapeProperty(step.label)}::${escapeData(step.error)}\n`)
    },
    warned: (message) => write(`::warning::${escapeData(message)}\n`),
    close: () => open.forEach(release)
  }
}

/** As workflow commands have what would end them. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
