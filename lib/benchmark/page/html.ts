/** HTML that may stand in a page as it is. */
export class Html {
  constructor(readonly text: string) {}
}

/** A template of HTML: text that is put into it is escaped, HTML is not, and lists are put together. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.map((part, at) => (at === 0 ? part : toText(values[at - 1] ?? '') + part)).join(''))
}

/** HTML that somebody else has made. */
export function rawHtml(text: string): Html {
  return new Html(text)
}

type HtmlValue = string | number | Html | readonly Html[]

function toText(value: HtmlValue): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map(({ text }) => text).join('')
  return String(value).replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`)
}
