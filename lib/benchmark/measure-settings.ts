import { cpus } from 'node:os'
import { InputError } from '../errors.js'
import type { Context } from '../graph/context.js'
import { type Stage, stage } from '../graph/node.js'
import type { ImageEnd, Layer } from '../stages/items.js'
import { generateSettled } from '../stages/settle.js'
import { usableThreads } from '../usable-threads.js'
import { evaluate } from './evaluate.js'
import type { Goal } from './goal.js'
import { measure } from './measure.js'
import type { MeasuredLayer, Measurement } from './measurement.js'
import { parseSettings } from './parse-settings.js'
import type { BenchmarkReport, Machine } from './report.js'
import { formatSetting, type Setting } from './setting.js'
import { type SpooledLayer, sampleLayer, spoolLayer } from './spool-layer.js'

/** Plain data: it is part of the node's key. */
export type MeasureOptions = {
  /** One or more, as `formatSetting` writes them, with levels where their codecs have them. */
  readonly settings: readonly string[]
  /** Bytes to draw from all layers; null takes all. */
  readonly sample: number | null
  /** Bits per second. */
  readonly bandwidths: readonly number[]
  readonly goal: Goal
}

/** Sink: layer tars in, one report of what each setting makes of them out. */
export const measureSettings: (options: MeasureOptions) => Stage<Layer | ImageEnd, BenchmarkReport> = stage(
  'measure',
  (options: MeasureOptions, context) =>
    generateSettled<Layer | ImageEnd, BenchmarkReport>(context, async function* (items) {
      const layers: SpooledLayer[] = []
      for await (const item of items) {
        if (item.kind === 'layer') layers.push(await spoolLayer(item.body.open(), context))
      }
      if (layers.length === 0) throw nothingToMeasure()
      const samples = await drawSamples(layers, options.sample, context)
      const measurements = await measureAll(samples, options.settings.flatMap(parseSettings), context)
      const input = { layers: layers.length, size: sizeOf(layers), sample: sizeOf(samples) }
      yield evaluate(measurements, { ...options, input, machine: thisMachine() })
    })
)

/** Every layer gives its share. */
async function drawSamples(
  layers: readonly SpooledLayer[],
  sample: number | null,
  context: Context
): Promise<readonly SpooledLayer[]> {
  if (sample === null) return layers
  const share = sample / sizeOf(layers)
  return Promise.all(layers.map((layer) => sampleLayer(layer, Math.ceil(layer.descriptor.size * share), context)))
}

/** One after the other, so that none disturbs another. */
async function measureAll(
  samples: readonly SpooledLayer[],
  settings: readonly Setting[],
  context: Context
): Promise<readonly Measurement[]> {
  const layers = await Promise.all(samples.map((sample) => measuredLayer(sample, context)))
  const size = sizeOf(samples)
  const warmUp = await measuredLayer(await warmUpOf(samples, context), context)
  const measurements: Measurement[] = []
  for (const setting of settings) {
    const measurement = await measure({ setting, layers, warmUp }, context.signal)
    measurements.push(measurement)
    context.progress(size, size * settings.length)
    context.note(describe(measurement, size))
  }
  return measurements
}

/** A block for each thread. */
function warmUpOf(samples: readonly SpooledLayer[], context: Context): Promise<SpooledLayer> {
  const largest = samples.reduce((a, b) => (b.descriptor.size > a.descriptor.size ? b : a))
  return sampleLayer(largest, usableThreads() * 2 ** 20, context)
}

async function measuredLayer({ file }: SpooledLayer, context: Context): Promise<MeasuredLayer> {
  return { tar: file, output: await context.temporary() }
}

function describe({ setting, size, compression }: Measurement, sample: number): string {
  const speed = Math.round(sample / compression.seconds / 1e6)
  return `${formatSetting(setting)}: ${(sample / size).toFixed(2)} to 1 at ${speed} MB/s`
}

function sizeOf(layers: readonly SpooledLayer[]): number {
  return layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0)
}

function thisMachine(): Machine {
  const processor = cpus()[0]?.model.trim() ?? process.arch
  return { processor, threads: usableThreads(), node: process.versions.node }
}

function nothingToMeasure(): InputError {
  return new InputError({ operation: 'measure', subject: 'the source', expected: 'a layer', found: 'none' })
}
