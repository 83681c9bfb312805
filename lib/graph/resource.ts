/** A named thing that a run is given and stages ask for: the image store, credentials. Never part of a key. */
export interface Resource<T> {
  readonly name: string
  /** Makes the one for a run that was given none. */
  readonly create: () => T
  /** Ends one that `create` made, when the run is over. */
  readonly close?: (value: T) => Promise<void>
  /** The value to give to a run. */
  provide(value: T): Provision
  /** The value among those that a run was given, or a new one. */
  find(provisions: readonly Provision[]): { readonly value: T; readonly created: boolean }
}

/** A resource's value, as `run` takes it. */
export interface Provision {
  readonly resource: unknown
  readonly value: unknown
}

/** Declares a resource; made once, at the top of the module that owns it. */
export function createResource<T>(name: string, create: () => T, close?: (value: T) => Promise<void>): Resource<T> {
  const given = new WeakMap<Provision, { readonly value: T }>()
  const resource: Resource<T> = {
    name,
    create,
    ...(close && { close }),
    provide(value) {
      const provision = { resource, value }
      given.set(provision, { value })
      return provision
    },
    find(provisions) {
      for (const provision of provisions) {
        const found = given.get(provision)
        if (found) return { value: found.value, created: false }
      }
      return { value: create(), created: true }
    }
  }
  return resource
}
