/** "0B", "512B", "1.23kB", "45.6MB": decimal, three digits, as buildx has them. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : Number(value.toPrecision(value < 1000 ? 3 : 4))}${UNITS[power]}`
}

/** "0.8s", of milliseconds. */
export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)}s`
}

/** "9s left", "2m05s left", "1h02m left", of seconds. */
export function formatTimeLeft(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < MINUTE) return `${whole}s left`
  const [large, small] = whole < HOUR ? ['m', 's'] : ['h', 'm']
  const units = Math.floor(whole / (whole < HOUR ? 1 : MINUTE))
  return `${Math.floor(units / 60)}${large}${String(units % 60).padStart(2, '0')}${small} left`
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
