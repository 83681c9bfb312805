/*
 * Options as data. The command line, the checks and the documentation all read the same declarations, and the type
 * of a parsed record follows from them:
 *
 *   const table = { codec: { key: 'compression', kind: 'choice', choices: ['gzip', 'zstd'], default: 'gzip', help: '…' } } as const satisfies OptionTable
 *   type Options = OptionsOf<typeof table>   // { readonly codec: 'gzip' | 'zstd' }
 */

interface Declared {
  /** As people write it: "oci-mediatypes". */
  readonly key: string
  readonly aliases?: readonly string[]
  /** The one-letter flag, where the option is a flag of a command. */
  readonly short?: string
  /** What the value is called in help: "FILE". */
  readonly placeholder?: string
  /** Values, or how they begin, that a shell may offer where there are others, too. */
  readonly suggestions?: readonly string[]
  /** One line, without a full stop. */
  readonly help: string
}

/** `1 t T true TRUE True 0 f F false FALSE False`; an empty value means true. */
export interface BooleanOption extends Declared {
  readonly kind: 'boolean'
  readonly default: boolean | null
}

/** A whole number in a range, ends included. Where the default is null, an empty value is null as well. */
export interface IntegerOption extends Declared {
  readonly kind: 'integer'
  readonly minimum: number
  readonly maximum: number
  readonly default: number | null
}

export interface TextOption extends Declared {
  readonly kind: 'text'
  readonly default: string | null
}

export interface ChoiceOption extends Declared {
  readonly kind: 'choice'
  readonly choices: readonly string[]
  readonly default: string | null
  /** What the flag means when it stands without a value; such a flag takes its value after `=` only. */
  readonly implied?: string
}

/** Values between commas, in one field. */
export interface ListOption extends Declared {
  readonly kind: 'list'
  readonly choices?: readonly string[]
  readonly default: readonly string[] | null
}

/** May be given many times; each time adds one value. */
export interface RepeatedOption extends Declared {
  readonly kind: 'repeated'
  readonly default: readonly string[]
}

/** A family of keys: `annotation.K`, `annotation-manifest[os/arch].K` and so on. */
export interface AnnotationsOption extends Declared {
  readonly kind: 'annotations'
  readonly default: readonly AnnotationValue[]
}

export type Option =
  | BooleanOption
  | IntegerOption
  | TextOption
  | ChoiceOption
  | ListOption
  | RepeatedOption
  | AnnotationsOption

/** By the name that the parsed record has for each. */
export type OptionTable = Readonly<Record<string, Option>>

export type AnnotationTarget = 'manifest' | 'index' | 'manifest-descriptor' | 'index-descriptor'

/** A request for one annotation. A type, not an interface, so that it fits a node's parameters. */
export type AnnotationValue = {
  readonly target: AnnotationTarget
  /** As written, `linux/arm64`; null means every platform. */
  readonly platform: string | null
  readonly key: string
  readonly value: string
}

/** The record that `parseOptions` makes of a table. */
export type OptionsOf<T extends OptionTable> = { readonly [K in keyof T]: ValueOf<T[K]> }

type ValueOf<O extends Option> = GivenOf<O> | (null extends O['default'] ? null : never)

type GivenOf<O extends Option> = O extends BooleanOption
  ? boolean
  : O extends IntegerOption
    ? number
    : O extends ChoiceOption
      ? O['choices'][number]
      : O extends TextOption
        ? string
        : O extends AnnotationsOption
          ? readonly AnnotationValue[]
          : O extends { readonly choices: readonly (infer C)[] }
            ? readonly C[]
            : readonly string[]
