import { instance } from '@viz-js/viz'

/**
 * A graph in the DOT language as an `svg` element. The door to Graphviz, which is compiled to WebAssembly: import it
 * only where a picture is asked for.
 */
export async function renderSvg(dot: string): Promise<string> {
  const graphviz = await instance()
  const document = graphviz.renderString(dot, { format: 'svg' })
  return document.slice(document.indexOf('<svg'))
}
