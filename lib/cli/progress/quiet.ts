import type { ProgressView } from './step.js'

/** Nothing but what is to be heeded. */
export function createQuietView(write: (text: string) => void): ProgressView {
  return {
    opened: () => {},
    moved: () => {},
    parted: () => {},
    ended: () => {},
    noted: () => {},
    warned: (message) => write(`WARNING: ${message}\n`),
    close: () => {}
  }
}
