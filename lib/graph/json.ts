/** Plain data: all that may name a piece of work. A callback, a stream or a secret does not fit the type. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** JSON in one spelling only: keys sorted, nothing undefined, no white space. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, each: unknown) => (isRecord(each) ? sortKeys(each) : each))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
