import { test } from 'tap'
import { evaluate } from '../../lib/benchmark/evaluate.js'
import { html, rawHtml } from '../../lib/benchmark/page/html.js'
import { renderPage } from '../../lib/benchmark/page/page.js'
import { parseSettings } from '../../lib/benchmark/parse-settings.js'
import type { BenchmarkReport } from '../../lib/benchmark/report.js'
import { formatSetting } from '../../lib/benchmark/setting.js'

/** Of settings that get smaller and slower in their order. */
function reportOf(settings: string): BenchmarkReport {
  const measurements = parseSettings(settings).map((setting, at) => ({
    setting,
    size: 50e6 / (at + 2),
    compression: { seconds: at + 1, cpuSeconds: at + 1 },
    decompression: { seconds: 0.2, cpuSeconds: 0.2 },
    peakMemory: 100e6
  }))
  return evaluate(measurements, {
    input: { layers: 2, size: 1e9, sample: 50e6 },
    machine: { processor: 'A <fast> one', threads: 4, node: '20.19.0' },
    bandwidths: [100e6, 1e9],
    goal: { name: 'min-size', bandwidth: 100e6 }
  })
}

test('the page has charts with every setting, and what is recommended', async (t) => {
  const report = reportOf('uncompressed,gzip:1,6,zstd:3,19')
  const page = await renderPage(report, 'dir:./app')
  t.equal(page.match(/<svg /g)?.length, 3)
  for (const { setting } of report.results) t.match(page, `aria-label="${formatSetting(setting)}: `)
  t.equal(page.match(/<tr class=/g)?.length, 5)
  t.match(page, 'compression=zstd,compression-level=19')
})

test('sizes of a small source were all the same in the table: they are told by three digits', async (t) => {
  const report = reportOf('gzip:1,zstd:3')
  const results = report.results.map((result, at) => ({ ...result, size: 452_983 - at * 9000 }))
  t.match(await renderPage({ ...report, results }, 'dir:./app'), />0\.453<[\s\S]*>0\.444</)
})

test('the page needs nothing besides itself', async (t) => {
  const page = await renderPage(reportOf('gzip:1,zstd:3'), 'dir:./app')
  t.notMatch(page, /(?:src|href)=|@import|url\((?!#)/)
})

test('the page has every colour from its scheme, light and dark', async (t) => {
  const page = await renderPage(reportOf('uncompressed,gzip:1-9'), 'dir:./app')
  const [style = '', dark = ''] = page.split('prefers-color-scheme: dark')
  const used = new Set([...page.matchAll(/var\((--[a-z0-9-]+)\)/g)].map(([, name = '']) => name))
  t.ok(used.size > 8)
  for (const name of used) t.ok(style.includes(`${name}:`) && dark.includes(`${name}:`), name)
  const charts = page.slice(page.indexOf('<svg'), page.lastIndexOf('</svg>'))
  const fixed = [...charts.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, color]) => color ?? '')
  t.same(
    fixed.filter((color) => !/^(?:var\(.*\)|currentColor|none|transparent)$/.test(color)),
    []
  )
})

test('points and what scrolls can be reached with the keyboard', async (t) => {
  const page = await renderPage(reportOf('gzip:1-9'), 'dir:./app')
  t.equal(page.match(/aria-roledescription="point" tabindex="0"/g)?.length, 9)
  t.equal(page.match(/class="scroll" tabindex="0" role="region"/g)?.length, 4)
})

test('what a page is about can not become part of it', async (t) => {
  const page = await renderPage(reportOf('gzip:1'), 'dir:<script>alert(1)</script>')
  t.match(page, '<title>Compression of dir:&#60;script&#62;')
  t.match(page, 'A &#60;fast&#62; one')
  t.equal(page.match(/<script>/g)?.length, 1)
})

test('text in a template is escaped, HTML is not', async (t) => {
  t.equal(html`<a b="${'"&'}">${[html`<i>${1}</i>`, rawHtml('<u>')]}</a>`.text, '<a b="&#34;&#38;"><i>1</i><u></a>')
})
