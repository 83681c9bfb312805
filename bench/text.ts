/** Gives text that compresses about as well as programs do: words drawn by a fixed generator, so that it never changes. */
export function createText(): (bytes: number) => string {
  const words = Array.from({ length: 4096 }, (_, index) => (index * 2654435761).toString(36))
  let state = 1
  return (bytes) => {
    let text = ''
    while (text.length < bytes) {
      state = (state * 1103515245 + 12345) % 2 ** 31
      text += `${words[state % words.length]} `
    }
    return text.slice(0, bytes)
  }
}
