import type { Json, Node } from '../../graph/index.js'
import { parseName } from '../../image/reference.js'
import { MAKING } from './time-spent.js'

/** What a step does, in words: "waiting for ghcr.io", "writing app.tar". */
export function describeWork({ operation, parameters }: Node<unknown>): string {
  switch (operation) {
    case 'upload':
      return `waiting for ${[...new Set(texts(parameters, 'names').map((name) => parseName(name).domain))].join(', ')}`
    case 'load':
      return 'waiting for the engine'
    case 'keep':
      return 'writing the store'
    case 'archive':
    case 'layout':
    case 'save':
    case 'deliver-tar': {
      const [destination = ''] = texts(parameters, 'destination')
      return destination === '-' ? 'waiting for who reads standard output' : `writing ${destination}`
    }
    default:
      return MAKING
  }
}

/** The parameter of that name as texts, or nothing where there is no such. */
export function texts(parameters: Json, name: string): readonly string[] {
  if (typeof parameters !== 'object' || parameters === null || !(name in parameters)) return []
  const value = Object.entries(parameters).find(([key]) => key === name)?.[1]
  return [value].flat().flatMap((each) => (typeof each === 'string' || typeof each === 'number' ? [String(each)] : []))
}
