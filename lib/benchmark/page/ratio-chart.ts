import type { BenchmarkReport, BenchmarkResult } from '../report.js'
import { formatSetting } from '../setting.js'
import type { ChartSpec } from './chart.js'
import { CODEC_LOOKS } from './palette.js'

/** How small each setting makes the layers, against how fast; a line joins those on the Pareto front. */
export function ratioChart({ results, recommendation }: BenchmarkReport): ChartSpec {
  const codecs = [...new Set(results.map(({ setting }) => setting.codec))]
  const looks = codecs.map((codec) => CODEC_LOOKS[codec])
  const position = {
    x: { field: 'speed', type: 'quantitative', scale: { type: 'log', nice: true }, title: 'compression, MB/s' },
    y: { field: 'ratio', type: 'quantitative', scale: { zero: false, nice: true }, title: 'ratio' }
  } as const
  return {
    width: 660,
    height: 320,
    data: { values: results.map(pointOf) },
    layer: [
      {
        transform: [{ filter: 'datum.front' }],
        mark: { type: 'line', color: 'currentColor', opacity: 0.35, strokeDash: [4, 4], aria: false },
        encoding: { ...position, order: { field: 'speed' } }
      },
      {
        transform: [{ filter: { field: 'name', equal: formatSetting(recommendation.setting) } }],
        mark: { type: 'point', size: 420, strokeWidth: 2, color: 'currentColor', aria: false },
        encoding: position
      },
      {
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: {
          ...position,
          color: { field: 'codec', scale: { domain: codecs, range: looks.map(({ color }) => color) }, title: null },
          shape: { field: 'codec', scale: { domain: codecs, range: looks.map(({ shape }) => shape) }, title: null },
          description: { field: 'description' }
        }
      },
      {
        mark: { type: 'text', dy: -12, fontSize: 11, color: 'currentColor', aria: false },
        encoding: { ...position, text: { field: 'level' } }
      }
    ]
  }
}

function pointOf({ setting, ratio, compression, onParetoFront }: BenchmarkResult) {
  const speed = compression.bytesPerSecond / 1e6
  const name = formatSetting(setting)
  const description = `${name}: ${ratio.toFixed(2)} to 1 at ${speed.toFixed(speed < 10 ? 1 : 0)} MB/s`
  return { name, codec: setting.codec, level: setting.level ?? '', ratio, speed, front: onParetoFront, description }
}
