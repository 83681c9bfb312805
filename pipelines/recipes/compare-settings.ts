import { type BenchmarkReport, benchmark, directory } from 'layerpipe'

/** Which codec and level suit a directory: measured on its own contents. */
export function compareSettings(path: string): Promise<BenchmarkReport> {
  return benchmark(directory({ path, target: '' }), {
    settings: [
      { codec: 'gzip', level: null },
      { codec: 'zstd', level: 3 },
      { codec: 'zstd', level: 9 }
    ],
    sample: 16e6
  })
}
