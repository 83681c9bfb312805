/** `PORT`, `FIRST-LAST`, each with `/tcp`, `/udp` or `/sctp`; a host part in front is accepted and ignored, as BuildKit does. */
const PORT = /^(?:.*:)?(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp)?)?$/i

/** The ports that one EXPOSE word stands for, as `80/tcp`; null where it is none. */
export function parsePorts(word: string): readonly string[] | null {
  const [, low, high = low, protocol = 'tcp'] = PORT.exec(word) ?? []
  const [first, last] = [Number(low), Number(high)]
  if (low === undefined || last > 65_535 || last < first) return null
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol.toLowerCase()}`)
}
