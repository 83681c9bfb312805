/** Gives text that compresses about as well as programs do: words drawn by a fixed generator, so that it never changes. */
export function createText(): (bytes: number) => string {
  const words = Array.from({ length: 4096 }, (_, index) => (index * 2654435761).toString(36))
  let state = 1
  return (bytes) => {
    let text = ''
    while (text.length < bytes) {
      // Marsaglia's xorshift: a simpler generator would repeat itself every few kilobytes.
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      text += `${words[(state >>> 0) % words.length]} `
    }
    return text.slice(0, bytes)
  }
}
