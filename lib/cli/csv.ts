/**
 * The fields of one CSV record, as Go's encoding/csv splits it, which buildx reads `--output` with: fields are
 * separated by commas and not trimmed; one that starts with a quote ends at the next single quote, and `""` in it is
 * a quote. Null where a quote stands in a place where it may not.
 */
export function parseCsvRecord(record: string): readonly string[] | null {
  const fields: string[] = []
  for (let at = 0; at <= record.length; ) {
    const field = readField(record, at)
    if (field === null) return null
    fields.push(field.text)
    at = field.end + 1
  }
  return fields
}

/** A field and where the comma after it, or the end of the record, is. */
interface CsvField {
  readonly text: string
  readonly end: number
}

function readField(record: string, start: number): CsvField | null {
  if (record[start] === '"') return readQuoted(record, start + 1)
  const comma = record.indexOf(',', start)
  const end = comma < 0 ? record.length : comma
  const text = record.slice(start, end)
  return text.includes('"') ? null : { text, end }
}

function readQuoted(record: string, start: number): CsvField | null {
  let text = ''
  for (let at = start; ; ) {
    const quote = record.indexOf('"', at)
    if (quote < 0) return null
    text += record.slice(at, quote)
    if (record[quote + 1] !== '"') {
      const end = quote + 1
      return end === record.length || record[end] === ',' ? { text, end } : null
    }
    text += '"'
    at = quote + 2
  }
}
